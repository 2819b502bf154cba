void dien_messages(void) {}
