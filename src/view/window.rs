//! Which rows of a long table are on screen, with a scroll bar that browsers can hold.
//!
//! Browsers cap the height of an element, so beyond [`MAX_HEIGHT`] the scroll bar is a scaled picture of the
//! table: dragging it jumps proportionally, while small steps (wheel, arrow keys, touch) move by real pixels.
//! Rows are laid out relative to the top of the viewport, never at their absolute position.

use std::ops::Range;

/// Tallest scroll area in CSS pixels that every supported browser lays out exactly.
pub const MAX_HEIGHT: f64 = 8_000_000.0;

/// Rows rendered beyond each edge of the viewport.
const OVERSCAN: u64 = 6;

/// Scroll position over a number of equally tall rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowWindow {
    /// Rows in the table.
    rows: u64,
    /// Height of one row in CSS pixels.
    row_height: f64,
    /// Height of the visible part in CSS pixels.
    viewport: f64,
    /// Distance from the top of row 0 to the top of the viewport, in unscaled pixels.
    offset: f64,
    /// Scroll position the element was last seen at or told to take.
    scroll_top: f64,
}

impl RowWindow {
    /// At the top of a table.
    pub fn new(rows: u64, row_height: f64, viewport: f64) -> Self {
        Self { rows, row_height, viewport, offset: 0.0, scroll_top: 0.0 }
    }

    /// The same place after the number of rows or a height has changed; returns whether the element's scroll
    /// position has to be set to [`Self::scroll_top`].
    pub fn resize(&mut self, rows: u64, row_height: f64, viewport: f64) -> bool {
        let first = self.offset / self.row_height.max(1.0);
        (self.rows, self.row_height, self.viewport) = (rows, row_height, viewport);
        self.move_to(first * row_height)
    }

    /// Rows in the table.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Height of the scrolled content in CSS pixels.
    pub fn content_height(&self) -> f64 {
        self.full_height().min(MAX_HEIGHT)
    }

    /// Whether the scroll bar is a scaled picture. The page then moves by wheel itself, with [`Self::move_by`].
    pub fn is_scaled(&self) -> bool {
        self.full_height() > MAX_HEIGHT
    }

    /// The scroll position that belongs to the window.
    pub fn scroll_top(&self) -> f64 {
        self.scroll_top
    }

    /// Takes in the element's scroll position; returns whether the element has to be moved to
    /// [`Self::scroll_top`] afterwards.
    pub fn scrolled(&mut self, scroll_top: f64) -> bool {
        let delta = scroll_top - self.scroll_top;
        if !self.is_scaled() {
            self.offset = scroll_top.clamp(0.0, self.max_offset());
            self.scroll_top = scroll_top;
            return false;
        }
        if delta.abs() < 1.0 {
            return false;
        }
        let at_end = scroll_top < 1.0 || scroll_top > self.max_scroll() - 1.0;
        if delta.abs() <= self.viewport && !at_end {
            return self.move_to(self.offset + delta);
        }
        self.offset = (scroll_top / self.max_scroll() * self.max_offset()).clamp(0.0, self.max_offset());
        self.scroll_top = scroll_top;
        false
    }

    /// Moves by real pixels; returns whether the element has to be moved to [`Self::scroll_top`].
    pub fn move_by(&mut self, pixels: f64) -> bool {
        self.move_to(self.offset + pixels)
    }

    /// Goes to the first row; returns whether the element has to be moved.
    pub fn to_top(&mut self) -> bool {
        self.move_to(0.0)
    }

    /// Brings a row into view with the least movement; returns whether the element has to be moved.
    pub fn reveal(&mut self, row: u64) -> bool {
        let top = row.min(self.rows.saturating_sub(1)) as f64 * self.row_height;
        if top < self.offset {
            self.move_to(top)
        } else if top + self.row_height > self.offset + self.viewport {
            self.move_to(top + self.row_height - self.viewport)
        } else {
            false
        }
    }

    /// Rows to render: those on screen and a few beyond.
    pub fn visible(&self) -> Range<u64> {
        let first = (self.offset / self.row_height) as u64;
        let last = ((self.offset + self.viewport) / self.row_height).ceil() as u64;
        first.saturating_sub(OVERSCAN)..(last + OVERSCAN).min(self.rows)
    }

    /// Top of a row relative to the top of the viewport, in CSS pixels.
    pub fn top_of(&self, row: u64) -> f64 {
        row as f64 * self.row_height - self.offset
    }

    /// Rows that fit on screen, at least one.
    pub fn page_rows(&self) -> u64 {
        ((self.viewport / self.row_height) as u64).max(1)
    }

    fn move_to(&mut self, offset: f64) -> bool {
        self.offset = offset.clamp(0.0, self.max_offset());
        let scroll_top =
            if self.is_scaled() { self.offset / self.max_offset() * self.max_scroll() } else { self.offset };
        let moved = (scroll_top - self.scroll_top).abs() >= 0.5;
        self.scroll_top = scroll_top;
        moved
    }

    fn full_height(&self) -> f64 {
        self.rows as f64 * self.row_height
    }

    fn max_offset(&self) -> f64 {
        (self.full_height() - self.viewport).max(0.0)
    }

    fn max_scroll(&self) -> f64 {
        (self.content_height() - self.viewport).max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEN_MILLION: u64 = 10_000_000;

    #[test]
    fn an_empty_table_shows_nothing() {
        let mut window = RowWindow::new(0, 24.0, 600.0);
        assert_eq!((window.visible(), window.content_height()), (0..0, 0.0));
        assert!(!window.scrolled(50.0));
        assert!(!window.reveal(3));
        assert_eq!(window.visible(), 0..0);
    }

    #[test]
    fn one_row_never_scrolls() {
        let mut window = RowWindow::new(1, 24.0, 600.0);
        window.scrolled(10.0);
        assert_eq!((window.visible(), window.top_of(0)), (0..1, 0.0));
    }

    #[test]
    fn a_short_table_scrolls_pixel_by_pixel() {
        let mut window = RowWindow::new(1_000, 24.0, 240.0);
        assert!(!window.is_scaled());
        window.scrolled(2_405.0);
        assert_eq!(window.visible(), 94..117);
        assert_eq!(window.top_of(100), -5.0);
    }

    #[test]
    fn ten_million_rows_reach_both_ends() {
        let mut window = RowWindow::new(TEN_MILLION, 24.0, 600.0);
        assert!(window.is_scaled());
        assert_eq!(window.content_height(), MAX_HEIGHT);
        window.scrolled(MAX_HEIGHT - 600.0);
        assert_eq!(window.visible().end, TEN_MILLION);
        assert_eq!(window.top_of(TEN_MILLION - 1) + 24.0, 600.0);
        window.scrolled(0.0);
        assert_eq!((window.visible().start, window.top_of(0)), (0, 0.0));
    }

    #[test]
    fn small_steps_move_real_pixels_in_a_scaled_table() {
        let mut window = RowWindow::new(TEN_MILLION, 24.0, 600.0);
        window.scrolled(4_000_000.0);
        let before = window.top_of(5_000_000);
        let moved = window.scrolled(window.scroll_top() + 48.0);
        assert!(moved, "the element is put back to where the scaled position is");
        assert_eq!(before - window.top_of(5_000_000), 48.0);
        window.move_by(-48.0);
        assert!((window.top_of(5_000_000) - before).abs() < 1e-6);
    }

    #[test]
    fn a_focused_row_is_brought_into_view() {
        let mut window = RowWindow::new(TEN_MILLION, 24.0, 600.0);
        assert!(window.reveal(TEN_MILLION - 1));
        assert_eq!(window.top_of(TEN_MILLION - 1), 576.0);
        assert!(!window.reveal(TEN_MILLION - 10));
        window.reveal(7);
        assert_eq!(window.top_of(7), 0.0);
    }

    #[test]
    fn the_place_survives_a_resize() {
        let mut window = RowWindow::new(1_000, 24.0, 240.0);
        window.scrolled(2_400.0);
        assert!(window.resize(2_000, 32.0, 320.0));
        assert_eq!(window.top_of(100), 0.0);
        window.resize(10, 32.0, 320.0);
        assert_eq!(window.visible(), 0..10);
    }

    proptest! {
        #[test]
        fn visible_rows_cover_the_viewport(rows in 0u64..20_000_000, at in 0.0f64..1.0, step in -900.0f64..900.0) {
            let mut window = RowWindow::new(rows, 24.0, 600.0);
            window.scrolled(at * (window.content_height() - 600.0).max(0.0));
            window.move_by(step);
            let visible = window.visible();
            prop_assert!(visible.end <= rows && visible.start <= visible.end);
            prop_assert!(visible.start == 0 || window.top_of(visible.start) <= 0.0);
            prop_assert!(visible.end == rows || window.top_of(visible.end) >= 600.0);
            prop_assert!(visible.end - visible.start <= 40);
        }
    }
}
