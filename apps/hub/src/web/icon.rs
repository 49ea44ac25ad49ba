//! The drawings of the design, by name, to be put into a page: they take the colour of the words beside them.

macro_rules! icons {
    ($($name:ident $file:literal;)*) => {
        /// A drawing of `assets/icons`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Icon {
            $($name,)*
        }

        impl Icon {
            const fn source(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("../../assets/icons/", $file, ".svg")),)* }
            }
        }
    };
}

icons! {
    Sun "sun";
    Ask "message-circle-question-mark";
    Files "folder-clock";
    Backups "archive-restore";
    Incidents "octagon-pause";
    Devices "monitor";
    People "users";
    Journal "book-text";
    Documents "file-text";
    Settings "settings";
    Buoy "life-buoy";
    Key "key-round";
    Menu "menu";
    Undo "undo-2";
    Refresh "refresh-cw";
    Phone "phone";
    Search "search";
    Info "info";
    Check "check";
    Send "send";
    UserPlus "user-plus";
    Clock "clock";
    BowlOk "bowl-ok";
    BowlPart "bowl-part";
    BowlTodo "bowl-todo";
    BowlIdk "bowl-idk";
    BowlNow "bowl-now";
    BowlMend "bowl-mend";
}

impl Icon {
    /// The drawing without what only a file of its own needs; its looks come from the style sheet.
    #[must_use]
    pub(crate) fn svg(self) -> String {
        let source = self.source();
        let inner = source.split_once('>').map_or("", |(_, rest)| rest);
        let inner = inner
            .rsplit_once("</svg>")
            .map_or(inner, |(inner, _)| inner);
        format!(r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{inner}</svg>"#)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_one_element_with_something_in_it() {
        let svg = Icon::Undo.svg();
        assert!(svg.contains("<path "), "{svg}");
        assert_eq!(
            (svg.matches("<svg").count(), svg.matches("</svg>").count()),
            (1, 1)
        );
    }
}
