"""The only SQL of the plugin: obligations and reports with their events and timers, and the sources that they hang on."""
