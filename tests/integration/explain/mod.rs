//! `rapport explain`: values that are told add up, and what is not there is refused with the way out.

mod adding_up;
mod by_rows;
mod commands;
mod contact_days;
mod every_table;
mod generated;
mod of_the_lake;
mod similar_deals;
