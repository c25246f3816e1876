//! What single values mean: ids, addresses, times, headers and lists, read from the text of a cell.

pub(super) mod address_lists;
pub(super) mod address_text;
pub(super) mod automated_mail;
pub mod automated_subjects;
pub mod calendar_ids;
pub mod composed;
pub(super) mod conversation_index;
pub(super) mod directory_addresses;
pub mod email_addresses;
mod encoded_words;
pub(super) mod entity_types;
pub mod further_addresses;
mod guids;
pub mod ids;
pub(super) mod misfits;
pub(super) mod nested;
mod nested_fields;
pub(super) mod null_words;
mod plain_marks;
pub mod seen_domains;
pub mod shown_zones;
pub(super) mod text_lists;
pub mod time_zones;
pub mod timestamps;
pub(super) mod windows_zones;
pub(super) mod written_numbers;
mod zone_offsets;
