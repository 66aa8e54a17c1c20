-- Which log-in at accounts a session stands for, so that it ends here when it is ended there.
ALTER TABLE session ADD COLUMN login_session uuid;
CREATE INDEX session_login_session ON session (login_session);
