//! The facet pane: values of a few fields, how often, since when; a click filters.

use super::commands::run;
use super::focus;
use super::shell::{OpenMenu, ValueTarget, use_shell};
use super::state::{Answer, Values, use_answer, use_app};
use super::widgets::{Icon, Resizer};
use crate::base::EpochMs;
use crate::model::partial::{GroupPart, Tally};
use crate::model::query::Scope;
use crate::view::columns::label;
use crate::view::commands::Command;
use crate::view::deployed::is_account;
use crate::view::facets::{ALL, FEW, FacetOrder, FacetValue, MANY, lines, not_the_rarest};
use crate::view::search::{self, Edit};
use crate::view::{Action, format};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The facet pane.
#[component]
pub fn Facets() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let fields = Memo::new(move |_| app.view.with(|view| view.facets.clone()));
    let order = RwSignal::new(FacetOrder::default());
    let rare = move || order.get() == FacetOrder::Rare;
    let width = Signal::derive(move || app.prefs.with(|prefs| prefs.facets_width));
    view! {
        <aside class="pane side start facets" aria-label="Facets" style=("--pane-width", move || format!("{}px", width.get()))>
            <div class="pane-head">
                <h2>"Facets"</h2>
                <button
                    class="icon-button small"
                    aria-label="Rare values first"
                    title="Rare values first"
                    aria-pressed=move || rare().to_string()
                    on:click=move |_| order.set(if rare() { FacetOrder::Frequent } else { FacetOrder::Rare })
                ><Icon name="sort-rare"/></button>
                <button class="icon-button small" aria-label="Add a facet" title="Add a facet" on:click=move |_| run(app, shell, Command::AddFacet)>
                    <Icon name="plus"/>
                </button>
                <button class="icon-button small wide-only" aria-label="Close the facet pane" title="Close ([)" on:click=move |_| run(app, shell, Command::ToggleFacets)>
                    <Icon name="pane-left"/>
                </button>
            </div>
            <div class="facet-list">
                <For each=move || fields.get() key=Clone::clone children=move |field| view! { <Facet field=field order=order/> }/>
            </div>
            <Resizer label="Width of the facet pane" width=width set_width=move |width| app.prefs.update(|prefs| prefs.facets_width = width)/>
        </aside>
    }
}

#[component]
fn Facet(field: String, order: RwSignal<FacetOrder>) -> impl IntoView {
    let app = use_app();
    let field = StoredValue::new(field);
    let open = RwSignal::new(true);
    let more = RwSignal::new(false);
    let contains = RwSignal::new(String::new());
    let searching = RwSignal::new(false);
    let limit = move || match (order.get(), more.get()) {
        (FacetOrder::Rare, _) => ALL as u32,
        (_, true) => MANY as u32,
        // One more for "without the field", which is shown last.
        (_, false) => FEW as u32 + 1,
    };
    let scope = Memo::new(move |_| {
        let mut scope = app.scope.get();
        scope.filter = field.with_value(|field| search::without_field(&scope.filter, field));
        scope
    });
    let choices = Memo::new(move |_| app.search.with(|text| field.with_value(|field| search::choices(text, field))));
    let question = move |scope: Scope, spans: bool| {
        let (field, contains) = (field.get_value(), contains.get());
        let named = choices.with(|choices| choices.iter().map(|(value, _)| value.clone()).collect());
        let values = Values { scope, field, contains, limit: limit(), named, spans };
        (open.get() && app.session.has_data()).then(|| (values, app.session.version.get()))
    };
    let ask = move |what: &'static str| {
        move |(values, _): (Values, u64)| {
            let lane = format!("facet:{what}:{}", values.field);
            async move { app.engine.group(&lane, values).await }
        }
    };
    // Without the search this is what is shown, with it the ghost bars. So the first letter asks one question, not two.
    let all = use_answer(move || question(Scope { filter: String::new(), ..scope.get() }, false), ask("all"));
    let is_filtered = Memo::new(move |_| scope.with(|scope| !scope.filter.is_empty()));
    let found = use_answer(move || is_filtered.get().then(|| question(scope.get(), false)).flatten(), ask("found"));
    // Tooltips say when a value occurs, which is found out for the facet under the pointer or the focus only.
    let pointed = RwSignal::new(false);
    let when = use_answer(move || pointed.get().then(|| question(scope.get(), true)).flatten(), ask("when"));
    // The first answer to a search is still on its way while those without it are shown.
    let newest = move || if is_filtered.get() && found.with(|found| found.value.is_some()) { found } else { all };
    let stale = move || {
        let answer = if is_filtered.get() { found } else { all };
        answer.with(|answer| answer.stale) && newest().with(|answer| answer.value.is_some())
    };
    let shown = Memo::new(move |_| {
        let limit = if more.get() { MANY } else { FEW };
        let ghost = all.with(|all| all.value.clone()).filter(|_| is_filtered.get());
        newest().with(|answer| {
            let part = answer.value.as_deref()?;
            Some(choices.with(|choices| lines(part, ghost.as_deref(), choices, order.get(), limit)))
        })
    });
    let values = Memo::new(move |_| {
        shown.with(|shown| shown.iter().flatten().map(|line| line.value.clone()).collect::<Vec<_>>())
    });
    let distinct = Memo::new(move |_| {
        newest().with(|answer| answer.value.as_ref().map(|part| (part.distinct.count(), part.distinct.is_exact())))
    });
    let note = Memo::new(move |_| newest().with(|answer| not_the_rarest(answer.value.as_deref()?, order.get())));
    let error = move || newest().with(|answer| answer.error.clone());
    let name = field.with_value(|field| label(field).to_owned());
    let active = move || choices.with(|choices| !choices.is_empty());
    let clear = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let text = app.search.with_untracked(|text| field.with_value(|field| search::without_field(text, field)));
        app.dispatch(Action::SetSearch(text));
    };
    view! {
        <details
            class="facet"
            class:active=active
            open
            on:toggle=move |event| {
                let details: web_sys::HtmlElement = event_target(&event);
                open.set(details.has_attribute("open"));
            }
        >
            <summary>
                <Icon name="right" small=true/>
                <span class="facet-name" title=field.get_value()>{name.clone()}</span>
                <span class="muted number facet-distinct">
                    {move || distinct.get().map(|(count, is_exact)| {
                        format!("{}{}", if is_exact { "" } else { "≈" }, format::short_count(count))
                    })}
                </span>
            </summary>
            <div class="facet-tools">
                <Show when=active>
                    <button class="icon-button small" aria-label=format!("Clear the filter on {}", field.get_value()) title="Clear this filter" on:click=clear>
                        <Icon name="close" small=true/>
                    </button>
                </Show>
                <button
                    class="icon-button small"
                    aria-label=format!("Search in {}", field.get_value())
                    title="Search values"
                    aria-pressed=move || searching.get().to_string()
                    on:click=move |_| { searching.update(|on| *on = !*on); contains.set(String::new()); }
                ><Icon name="search" small=true/></button>
                <button
                    class="icon-button small"
                    aria-label=format!("Remove the facet {}", field.get_value())
                    title="Remove this facet"
                    on:click=move |_| app.dispatch(Action::RemoveFacet(field.get_value()))
                ><Icon name="minus" small=true/></button>
            </div>
            <Show when=move || searching.get()>
                <input
                    class="field facet-search"
                    autofocus
                    aria-label=format!("Values of {} that contain", field.get_value())
                    placeholder="Contains…"
                    prop:value=move || contains.get()
                    on:input=move |event| contains.set(event_target_value(&event))
                />
            </Show>
            {move || note.get().map(|note| view! { <p class="facet-empty muted">{note}</p> })}
            <ul
                class="facet-values"
                class:stale=stale
                on:pointerenter=move |_| pointed.set(true)
                on:pointerleave=move |_| pointed.set(false)
                on:focusin=move |_| pointed.set(true)
                // Also when the list goes away with the focus in it.
                on:focusout=move |event| { pointed.try_set(keeps_focus(&event)); }
            >
                <For each=move || values.get() key=Clone::clone let:value>
                    <Value field=field value=value shown=shown pointed=pointed when=when choices=choices/>
                </For>
            </ul>
            {move || error().map(|error| view! { <p class="error-note">{error}</p> })}
            <Show when=move || shown.with(|shown| shown.as_ref().is_some_and(Vec::is_empty))>
                <p class="facet-empty muted">"No values"</p>
            </Show>
            <Show when=move || distinct.get().is_some_and(|(count, _)| count > FEW as u64)>
                <button class="facet-more" on:click=move |_| more.update(|more| *more = !*more)>
                    {move || if more.get() { "Show fewer" } else { "Show more" }}
                </button>
            </Show>
        </details>
    }
}

/// One value. It stays while its counts change.
#[component]
fn Value(
    /// Path of the facet's field.
    field: StoredValue<String>,
    /// The value as text; `None` stands for events without the field.
    value: Option<String>,
    /// The lines of the facet.
    shown: Memo<Option<Vec<FacetValue>>>,
    /// Whether the pointer or the focus is in the facet: only then there are tooltips.
    pointed: RwSignal<bool>,
    /// When the values occur, once that was asked.
    when: ReadSignal<Answer<GroupPart>>,
    /// Values that the search selects (`false`) or excludes (`true`).
    choices: Memo<Vec<(Option<String>, bool)>>,
) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let is_absent = value.is_none();
    let text = value.as_deref().map_or("(none)", format::short_identity).to_owned();
    let is_account = field.with_value(|field| is_account(field));
    let value = StoredValue::new(value);
    let account = move || {
        let name = app.session.account_name(&value.get_value()?)?;
        Some(view! { " "<span class="account-name">{name}</span> })
    };
    let line = Memo::new(move |_| {
        shown.with(|shown| value.with_value(|value| shown.iter().flatten().find(|line| line.value == *value).cloned()))
    });
    let of_line = move |read: fn(&FacetValue) -> f64| line.with(|line| line.as_ref().map_or(0.0, read));
    let percent = |part: f64| format!("{:.2}%", part * 100.0);
    let count = move || line.with(|line| line.as_ref().map_or(0, |line| line.count));
    let choice = move || line.with(|line| line.as_ref().and_then(|line| line.choice));
    let is_excluded = move || choice() == Some(true);
    let class = move || match choice() {
        None => "facet-value",
        Some(false) => "facet-value chosen",
        Some(true) => "facet-value excluded",
    };
    let edit = move |edit| Action::EditSearch { edit, field: field.get_value(), value: value.get_value() };
    let pick = move |event: web_sys::MouseEvent| {
        let alone = choices.with_untracked(|choices| choices.as_slice() == [(value.get_value(), false)]);
        if alone {
            let text = app.search.with_untracked(|text| field.with_value(|field| search::without_field(text, field)));
            app.dispatch(Action::SetSearch(text));
        } else if event.ctrl_key() || event.meta_key() || event.shift_key() {
            app.dispatch(edit(Edit::Add));
        } else {
            app.dispatch(edit(Edit::Only));
        }
        // The value moves to the top of its list, which takes the focus from it.
        let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        request_animation_frame(move || {
            if let Some(button) = button.filter(|_| focus::is_nowhere()) {
                focus::give(&button);
            }
        });
    };
    let menu = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let selector = format!("$.{}", field.get_value());
        let target = ValueTarget { field: field.get_value(), selector, value: value.get_value() };
        shell.menu.set(Some(OpenMenu { target, at: (f64::from(event.client_x()), f64::from(event.client_y())) }));
    };
    let tip = move || {
        let mut tip = format!("{}\n{} of what is shown", text_of(value), format_share(of_line(|line| line.share)));
        let tally = when.with(|when| value.with_value(|value| when.value.as_ref()?.tally(value)));
        if let Some(Tally { first, last, .. }) = tally.filter(|tally| tally.first <= tally.last) {
            app.zone.with(|zone| {
                tip.push_str(&format!("\nFirst {}", format::long_time(EpochMs(first), zone)));
                tip.push_str(&format!("\nLast {}", format::long_time(EpochMs(last), zone)));
            });
        }
        tip.push_str("\nClick: only this. Ctrl click: this, too");
        tip
    };
    view! {
        <li class=class>
            <span class="facet-bar ghost" style:width=move || percent(of_line(|line| line.ghost))></span>
            <span class="facet-bar" style:width=move || percent(of_line(|line| line.share))></span>
            <button class="facet-pick" aria-pressed=move || (choice() == Some(false)).to_string() title=move || pointed.get().then(tip) on:click=pick on:contextmenu=menu>
                <span class="facet-text" class:muted=is_absent>{text.clone()}{is_account.then_some(account)}</span>
                <span class="number facet-count">{move || format::short_count(count())}</span>
            </button>
            <button class="facet-minus" aria-label=format!("Filter out {text}") aria-pressed=move || is_excluded().to_string() title=move || pointed.get().then(|| if is_excluded() { "No longer filter out" } else { "Filter out" }) on:click=move |_| app.dispatch(edit(Edit::Exclude))>
                <Icon name="minus" small=true/>
            </button>
        </li>
    }
}

/// Whether the focus moves within the element that listens.
fn keeps_focus(event: &web_sys::FocusEvent) -> bool {
    let node = |target: Option<web_sys::EventTarget>| target.and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    node(event.current_target()).is_some_and(|list| list.contains(node(event.related_target()).as_ref()))
}

fn text_of(value: StoredValue<Option<String>>) -> String {
    value.get_value().unwrap_or_else(|| "Events without this field".into())
}

fn format_share(share: f64) -> String {
    format::share((share * 1e9) as u64, 1_000_000_000)
}
