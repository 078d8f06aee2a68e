//! What stands between tokens: blanks, line breaks, comments, and tabs that do not belong there.

use super::Problem;
use super::scanner::{Scanner, span};

impl Scanner<'_> {
    pub(super) fn skip_to_token(&mut self) {
        // where a comment ended that yaml.v3 reads together with those on the lines below
        let mut comment_end = None;
        loop {
            let mut tab = None;
            while let Some(byte @ (b' ' | b'\t')) = self.byte(self.at) {
                if byte == b'\t' && tab.is_none() {
                    tab = Some(self.at);
                }
                self.at += 1;
            }
            if let Some(tab) = tab {
                self.judge_tab(tab, comment_end);
            }
            if self.byte(self.at) == Some(b'#') {
                let start = self.at;
                self.at = self.line_end(start);
                self.comments.push(span(start, self.at));
                if self
                    .last_token
                    .is_none_or(|(line, item)| item || line < self.line)
                {
                    comment_end = Some(self.at);
                }
            }
            match self.break_at(self.at) {
                0 => return,
                length => self.new_line(length),
            }
            if self.flow == 0 {
                self.key_allowed = true;
            }
        }
    }

    /// PyYAML stops at every tab in front of a token. yaml.v3 does so only where a key may begin,
    /// and not when its reading of comments has already gone over the tab.
    fn judge_tab(&mut self, tab: usize, comment_end: Option<usize>) {
        let here = self.byte(self.at);
        let same_line = self
            .last_token
            .is_some_and(|(line, item)| line == self.line && !item);
        let daemon = self.flow == 0
            && self.key_allowed
            && !(here == Some(b'#') && same_line)
            && !comment_end.is_some_and(|end| self.only_blank_to_comment(end));
        let before = self.bytes.get(self.line_start..tab).unwrap_or_default();
        let problem = if daemon && before.iter().all(|byte| *byte == b' ') {
            Problem::TabIndentation
        } else {
            Problem::TabBetweenTokens
        };
        self.refuse(daemon, true, problem, span(tab, self.at));
    }

    fn only_blank_to_comment(&self, from: usize) -> bool {
        // yaml.v3 looks 512 bytes ahead
        self.bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take(512)
            .find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            == Some(&b'#')
            && self.bytes[from..self.at.max(from)]
                .iter()
                .all(|byte| *byte != b'#')
    }
}
