//! What is kept of the tables of a lake beside their rows, while they are read one after the other.

use polars::prelude::DataFrame;

use crate::error::{Error, Result};
use crate::sources::tables::load::{InputTable, Loaded};
use crate::sources::tables::written::LastWrites;
use crate::sources::values::misfits::Misread;

/// What is known of the tables read so far.
pub struct Kept<'a> {
    /// Is told what is wrong with a table, and decides whether to go on without it.
    fault: &'a mut dyn FnMut(Error) -> Result<()>,
    /// What was read.
    pub inputs: Vec<InputTable>,
    /// Tables that the lake lacks and need not have.
    pub absent: Vec<&'static str>,
    /// When rows of Dataverse were written.
    pub dataverse_written: LastWrites,
    /// Columns of which a few values could not be read.
    pub misread: Vec<Misread>,
}

impl<'a> Kept<'a> {
    /// Of no table yet.
    pub fn new(fault: &'a mut dyn FnMut(Error) -> Result<()>) -> Kept<'a> {
        Kept {
            fault,
            inputs: Vec::new(),
            absent: Vec::new(),
            dataverse_written: LastWrites::default(),
            misread: Vec::new(),
        }
    }

    /// The rows of a table; none where it could not be read and that is no reason to stop.
    pub fn rows(&mut self, loaded: Result<Loaded>) -> Result<DataFrame> {
        match loaded {
            Ok(loaded) => {
                self.misread.extend(loaded.misread);
                match loaded.input {
                    Some(input) => self.inputs.push(input),
                    None => self.absent.push(loaded.table),
                }
                self.dataverse_written.extend(&loaded.written);
                Ok(loaded.frame)
            }
            Err(error) => (self.fault)(error).map(|()| DataFrame::empty()),
        }
    }
}
