//! What lakes look like: the formats and physical forms that are read, how exports change, and what is refused.

mod bad_input;
mod changing_input;
mod control_lists;
mod csv_forms;
mod csv_input;
mod days_as_times;
mod delta_input;
mod delta_types;
mod drift;
mod folder_values;
mod fuzz;
mod graph_items;
mod hostile_names;
mod manifests;
mod near_misses;
mod other_pipelines;
mod parquet_forms;
mod several_addresses;
