/// Workspaces that sessions belong to, their folders, and the port to where they are kept.
@NullMarked
package dev.tandem.project;

import org.jspecify.annotations.NullMarked;
