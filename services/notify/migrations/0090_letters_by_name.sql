-- Which letters there are is said by the contract of accounts and the catalogues; here only what a name looks like,
-- so that a new kind needs no migration.
ALTER TABLE account_letter DROP CONSTRAINT account_letter_kind_check;
ALTER TABLE account_letter ADD CONSTRAINT account_letter_kind_check CHECK (kind ~ '^[a-z_]{1,40}$');
ALTER TABLE message DROP CONSTRAINT message_template_check;
ALTER TABLE message ADD CONSTRAINT message_template_check CHECK (template ~ '^[a-z_]{1,40}$');
