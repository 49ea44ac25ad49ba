//! `hygie agent`: protects a device that reports to a hub; `--enrol` joins it to one.

use anyhow::Result;
use hygie_agent::StateDir;
use hygie_text::{Args, Id};
use serde_json::json;

use super::{
    Context,
    courier::{self, Line},
    up,
};
use crate::{
    cli::{Agent, Listen, Up},
    screen::{Exit, said},
};

pub(crate) fn run(context: &Context<'_>, asked: Agent) -> Result<Exit> {
    let Some(code) = &asked.enrol else {
        return up::run(
            context,
            Up {
                folders: asked.folders,
                once: false,
                listen: Listen::default(),
                no_console: true,
            },
        );
    };
    let state = StateDir::open(&context.state).map_err(|error| {
        let args = Args::new()
            .path("path", &context.state)
            .text("reason", &error.to_string());
        said(Id::ErrorStateFolder, args)
    })?;
    match courier::enrol(context, &state, code)? {
        Line::Joined { name, hub } => {
            let screen = context.screen;
            screen.json(
                "agent",
                json!({ "event": "enrolled", "name": name, "hub": hub }),
            );
            let args = Args::new().text("name", &name).text("hub", &hub);
            screen.say(Id::AgentEnrolled, &args);
            Ok(Exit::Good)
        }
        Line::Refused { reason } => {
            let reason = reason.trim_end_matches('.');
            Err(said(
                Id::AgentNotEnrolled,
                Args::new().text("reason", reason),
            ))
        }
    }
}
