//! What a lake may get wrong, what the program says to it, and that nothing is published then (rule R6).

mod columns;
mod delta;
mod files;
mod json;
mod layouts;
