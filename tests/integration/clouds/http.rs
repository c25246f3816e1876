//! HTTP/1.1 messages, whole, as they came: enough to pass them on, count them and damage them.

use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpStream;

/// A request or a response.
#[derive(Debug, Clone)]
pub struct Message {
    /// First line and headers, with the empty line behind them.
    pub head: Vec<u8>,
    /// As on the wire: of a chunked one with the lengths of its chunks.
    pub body: Vec<u8>,
    /// Length of the body without them.
    pub content: usize,
}

impl Message {
    pub fn first_line(&self) -> &str {
        let line = self.head.split(|byte| *byte == b'\r').next().unwrap_or_default();
        std::str::from_utf8(line).unwrap_or_default()
    }

    /// Of a request.
    pub fn method(&self) -> &str {
        self.first_line().split(' ').next().unwrap_or_default()
    }

    /// Of a request: path and query.
    pub fn target(&self) -> &str {
        self.first_line().split(' ').nth(1).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let head = String::from_utf8_lossy(&self.head);
        let pairs = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut values = pairs.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value.trim().to_string())
    }

    pub fn bytes(&self) -> Vec<u8> {
        [&self.head[..], &self.body].concat()
    }
}

/// The next request on a connection, or none when it was closed between two.
pub fn read_request(from: &mut BufReader<TcpStream>) -> io::Result<Option<Message>> {
    let Some(head) = read_head(from)? else { return Ok(None) };
    read_body(from, head, false).map(Some)
}

pub fn read_response(from: &mut BufReader<TcpStream>, method: &str) -> io::Result<Message> {
    loop {
        let head = read_head(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let message = Message { head, body: Vec::new(), content: 0 };
        let status = message.first_line().split(' ').nth(1).unwrap_or_default().to_string();
        if status == "100" {
            continue;
        }
        if method == "HEAD" || status == "204" || status == "304" {
            return Ok(message);
        }
        return read_body(from, message.head, true);
    }
}

fn read_head(from: &mut BufReader<TcpStream>) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    loop {
        let before = head.len();
        if from.read_until(b'\n', &mut head)? == 0 {
            return if head.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        if &head[before..] == b"\r\n" {
            return Ok(Some(head));
        }
    }
}

fn read_body(from: &mut BufReader<TcpStream>, head: Vec<u8>, until_close: bool) -> io::Result<Message> {
    let mut message = Message { head, body: Vec::new(), content: 0 };
    if message.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let before = message.body.len();
            from.read_until(b'\n', &mut message.body)?;
            let line = String::from_utf8_lossy(&message.body[before..]).into_owned();
            let length = line.split(';').next().unwrap_or_default().trim().to_string();
            let length = usize::from_str_radix(&length, 16).map_err(io::Error::other)?;
            // The data or, behind the last chunk, nothing, and an end of line.
            let before = message.body.len();
            message.body.resize(before + length + 2, 0);
            from.read_exact(&mut message.body[before..])?;
            message.content += length;
            if length == 0 {
                return Ok(message);
            }
        }
    }
    match message.header("content-length") {
        Some(length) => {
            message.content = length.parse().map_err(io::Error::other)?;
            message.body = vec![0; message.content];
            from.read_exact(&mut message.body)?;
        }
        None if until_close => message.content = from.read_to_end(&mut message.body)?,
        None => {}
    }
    Ok(message)
}
