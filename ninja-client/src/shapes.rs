//! What NinjaOne answers and takes: a type for each shape of its specification (2.0.9-draft), with every field that it names.
//!
//! Every field may be missing, unless the type says otherwise. What has another form than the specification promises is kept in `more`, as
//! is what it does not name, so that one odd value fails neither its row nor its page. Of a list with some odd elements the others are in
//! the field, and the odd ones in `more` under the list's name and `(not understood)`.

mod activity;
mod backup;
mod condition_parameter;
mod control;
mod custom_field;
mod device;
mod hardware;
mod link;
mod organization;
mod person;
mod policy;
mod script_run;
mod software;
mod tenant;
mod values;
mod webhook;

pub use activity::*;
pub use backup::*;
pub use condition_parameter::*;
pub use control::*;
pub use custom_field::*;
pub use device::*;
pub use hardware::*;
pub use link::*;
pub use organization::*;
pub use person::*;
pub use policy::*;
pub use script_run::*;
pub use software::*;
pub use tenant::*;
pub use values::*;
pub use webhook::*;
