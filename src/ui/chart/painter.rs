//! Draw list → canvas.

use crate::view::chart::draw::INKS;
use crate::view::chart::{Align, Ink, Primitive, Rect};
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

/// Distance between the lines of a hatch in CSS pixels.
const HATCH_STEP: f64 = 5.0;

/// Colours and font of a canvas, as the style sheet gives them at the moment.
struct Look {
    colours: HashMap<Ink, String>,
    font: String,
    bold: String,
}

/// Paints a list over the whole canvas, at the sharpness of the screen.
pub fn paint(canvas: &HtmlCanvasElement, size: (f64, f64), list: &[Primitive]) -> Option<()> {
    let window = web_sys::window()?;
    let ratio = window.device_pixel_ratio().max(1.0);
    let pixels = |length: f64| (length * ratio).round() as u32;
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let (width, height) = (pixels(size.0), pixels(size.1));
    if (canvas.width(), canvas.height()) != (width, height) {
        // Setting a size also clears, and takes new memory for the picture.
        canvas.set_width(width);
        canvas.set_height(height);
    } else {
        context.reset_transform().ok()?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
    }
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    context.set_text_baseline("middle");
    let look = Look::of(&window.get_computed_style(canvas).ok()??);
    list.iter().for_each(|primitive| look.paint(&context, primitive));
    Some(())
}

impl Look {
    fn of(style: &CssStyleDeclaration) -> Self {
        let property = |name: &str| style.get_property_value(name).unwrap_or_default();
        let font = format!("{} {}", property("font-size"), property("font-family"));
        Self {
            colours: INKS.into_iter().map(|(ink, name)| (ink, property(name))).collect(),
            bold: format!("600 {font}"),
            font,
        }
    }

    fn colour(&self, ink: Ink) -> &str {
        self.colours.get(&ink).map_or("gray", String::as_str)
    }

    fn paint(&self, context: &CanvasRenderingContext2d, primitive: &Primitive) {
        match primitive {
            Primitive::Fill { rects, ink } => {
                context.set_fill_style_str(self.colour(*ink));
                for rect in rects {
                    context.fill_rect(rect.x, rect.y, rect.width, rect.height);
                }
            }
            Primitive::Hatch { rects, ink } => {
                context.set_stroke_style_str(self.colour(*ink));
                context.set_line_width(1.0);
                rects.iter().for_each(|rect| hatch(context, rect));
            }
            Primitive::Lines { paths, ink, width, dashed } => {
                context.set_stroke_style_str(self.colour(*ink));
                context.set_line_width(*width);
                context.set_line_join("round");
                let dash = js_sys::Array::new();
                if *dashed {
                    dash.push(&JsValue::from_f64(6.0));
                    dash.push(&JsValue::from_f64(4.0));
                }
                let _ = context.set_line_dash(&dash);
                context.begin_path();
                paths.iter().for_each(|path| trace(context, path));
                context.stroke();
                let _ = context.set_line_dash(&js_sys::Array::new());
            }
            Primitive::Label { x, y, text, align, ink } => {
                context.set_fill_style_str(self.colour(*ink));
                let strong = matches!(ink, Ink::StrongText | Ink::OnAlarm);
                context.set_font(if strong { &self.bold } else { &self.font });
                context.set_text_align(match align {
                    Align::Start => "left",
                    Align::Middle => "center",
                    Align::End => "right",
                });
                let _ = context.fill_text(text, *x, *y);
            }
        }
    }
}

fn trace(context: &CanvasRenderingContext2d, path: &[(f64, f64)]) {
    for (index, &(x, y)) in path.iter().enumerate() {
        if index == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
    }
}

/// Diagonal lines that run on from one rectangle to the next.
fn hatch(context: &CanvasRenderingContext2d, rect: &Rect) {
    context.save();
    context.begin_path();
    context.rect(rect.x, rect.y, rect.width, rect.height);
    context.clip();
    context.begin_path();
    let bottom = rect.y + rect.height;
    let mut x = ((rect.x - rect.height) / HATCH_STEP).floor() * HATCH_STEP;
    while x < rect.x + rect.width {
        context.move_to(x, bottom);
        context.line_to(x + rect.height, rect.y);
        x += HATCH_STEP;
    }
    context.stroke();
    context.restore();
}
