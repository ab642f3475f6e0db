//! Columns of the event table: names, order and widths.

use super::state::{Column, TIME_FIELD};
use crate::model::query::{PRINCIPAL, Sort};

/// What a person calls a field.
pub fn label(field: &str) -> &str {
    match field {
        TIME_FIELD => "Time",
        PRINCIPAL => "Principal",
        "eventName" => "Event name",
        "eventSource" => "Event source",
        "errorCode" => "Error code",
        "userIdentity.type" => "Identity type",
        "sourceIPAddress" => "Source IP",
        "awsRegion" => "Region",
        "recipientAccountId" => "Account",
        "readOnly" => "Read-only",
        "eventCategory" => "Event category",
        "userAgent" => "User agent",
        path => path,
    }
}

/// The sort order after a click on a column's header: descending first for time, ascending first for others,
/// then the other way round.
pub fn next_sort(current: &Sort, field: &str) -> Sort {
    let field = (field != TIME_FIELD).then(|| field.to_owned());
    let descending = if current.field == field { !current.descending } else { field.is_none() };
    Sort { field, descending }
}

/// Whether the table is sorted by this column; then, whether the largest value comes first.
pub fn sorted(sort: &Sort, field: &str) -> Option<bool> {
    let by_this = sort.field.as_deref().unwrap_or(TIME_FIELD) == field;
    by_this.then_some(sort.descending)
}

/// Value of `grid-template-columns`: each column its width, the last one takes what is left.
pub fn template(columns: &[Column]) -> String {
    let mut out = String::new();
    for (index, column) in columns.iter().enumerate() {
        if index + 1 == columns.len() {
            out.push_str(&format!("minmax({}px, 1fr)", column.width));
        } else {
            out.push_str(&format!("{}px ", column.width));
        }
    }
    out
}

/// Total width in CSS pixels.
pub fn total_width(columns: &[Column]) -> u32 {
    columns.iter().map(|column| column.width).sum()
}

/// The place a dragged column would take when dropped at `x` pixels from the left edge of the first column.
pub fn drop_index(columns: &[Column], dragged: usize, x: f64) -> usize {
    let mut left = 0.0;
    let mut index = 0;
    for (at, column) in columns.iter().enumerate() {
        let middle = left + f64::from(column.width) / 2.0;
        if at != dragged && x > middle {
            index += 1;
        }
        left += f64::from(column.width);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::state::default_columns;

    #[test]
    fn headers_toggle_the_order() {
        let by_time = Sort::default();
        assert_eq!(sorted(&by_time, TIME_FIELD), Some(true));
        let ascending = next_sort(&by_time, TIME_FIELD);
        assert_eq!(ascending, Sort { field: None, descending: false });
        let by_name = next_sort(&ascending, "eventName");
        assert_eq!(by_name, Sort { field: Some("eventName".into()), descending: false });
        assert_eq!(sorted(&next_sort(&by_name, "eventName"), "eventName"), Some(true));
        assert_eq!(sorted(&by_name, TIME_FIELD), None);
    }

    #[test]
    fn the_last_column_fills_the_rest() {
        let columns = [Column { field: "a".into(), width: 100 }, Column { field: "b".into(), width: 80 }];
        assert_eq!(template(&columns), "100px minmax(80px, 1fr)");
        assert_eq!(total_width(&columns), 180);
    }

    #[test]
    fn a_dragged_column_lands_where_it_is_dropped() {
        let columns = default_columns();
        assert_eq!(drop_index(&columns, 0, -5.0), 0);
        assert_eq!(drop_index(&columns, 0, 170.0), 0);
        assert_eq!(drop_index(&columns, 0, 300.0), 1);
        assert_eq!(drop_index(&columns, 2, 10.0), 0);
        assert_eq!(drop_index(&columns, 2, 99_999.0), columns.len() - 1);
    }
}
