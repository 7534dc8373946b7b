-- hostile.sql -- prints SQL that puts, behind every text of a store, what might drive a terminal. Those of naiad are clean; who
-- knows who wrote this one.
CREATE TEMP TABLE evil AS SELECT 'x''' || hex(
	-- clear, title, colour, cursor, 8-bit CSI as UTF-8 and alone, tab, line, backspace, DEL, BEL, text to the left, no UTF-8
	x'1b5b324a' || x'1b5d303b70776e6564' || x'07' || x'1b5b33316d' || x'1b5b31303b313048' || x'c29b33316d' || x'9b32' || x'09' ||
	x'0d0a' || x'08' || x'7f' || x'e280ae' || x'e281a6' || x'c0af' || x'1b63') || '''' AS bytes;
SELECT 'BEGIN;';
SELECT 'UPDATE "' || m.name || '" SET "' || c.name || '" = CASE
	WHEN json_valid("' || c.name || '") AND substr("' || c.name || '", 1, 1) IN (''{'', ''['')
	THEN replace("' || c.name || '", ''":"'', ''":"\u001b[2J\u001b]0;pwned\u0007\u009b31m\r\n\u202e'')
	ELSE CAST(CAST("' || c.name || '" AS BLOB) || ' || bytes || ' AS TEXT) END WHERE typeof("' || c.name || '") = ''text'';'
	FROM sqlite_master m, pragma_table_info(m.name) c, evil
	WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND c.type = 'TEXT';
SELECT 'COMMIT;';
