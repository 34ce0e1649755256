//! What stands between two delimiters.

/// Characters of a field that an error shows.
const SHOWN: usize = 40;

/// Is it one of the words for a value that is not there?
pub(super) fn is_missing(field: &[u8]) -> bool {
    field.is_empty() || [&b"NA"[..], b"null"].contains(&field)
}

/// The beginning of a field, on one line.
pub(super) fn shown(field: &[u8]) -> String {
    // Four bytes a character at most.
    let text = String::from_utf8_lossy(&field[..field.len().min(4 * SHOWN + 4)]).into_owned();
    let mut text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if let Some((end, _)) = text.char_indices().nth(SHOWN) {
        text.truncate(end);
        text.push_str("...");
    }
    text
}
