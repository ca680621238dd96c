-- Keys that were readable in the database once: what they encrypted is encrypted anew with another key, and they go. Of keys of earlier versions nobody knows
-- whether they were sealed from the first moment on, so they count as readable.
ALTER TABLE data_protection_key ADD COLUMN was_plain INTEGER NOT NULL DEFAULT 0;
UPDATE data_protection_key SET was_plain = 1;

-- Fingerprint of the master key that a process has made by itself for this ring: no second process makes another.
ALTER TABLE data_protection_ring ADD COLUMN master TEXT;

-- Keys came or went: every process reads the ring anew.
INSERT INTO revision (name, version) VALUES ('key_ring', 0);
