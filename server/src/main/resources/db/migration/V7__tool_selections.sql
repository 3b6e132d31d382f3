-- Which of this server's tools a session or a project offers; none where all is inherited.
CREATE TABLE tool_selection (
    tenant TEXT NOT NULL,
    owner TEXT NOT NULL,
    selection TEXT NOT NULL,
    PRIMARY KEY (tenant, owner)
) STRICT;

CREATE TRIGGER tool_selection_of_session AFTER DELETE ON session BEGIN
    DELETE FROM tool_selection WHERE tenant = OLD.tenant AND owner = OLD.id;
END;

CREATE TRIGGER tool_selection_of_project AFTER DELETE ON project BEGIN
    DELETE FROM tool_selection WHERE tenant = OLD.tenant AND owner = OLD.id;
END;
