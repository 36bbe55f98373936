BEGIN TRANSACTION;
CREATE TABLE access (
	id INTEGER NOT NULL, 
	person VARCHAR(80) NOT NULL, 
	what VARCHAR(80) NOT NULL, 
	case_no TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_access PRIMARY KEY (id)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0013');
CREATE TABLE binding (
	channel VARCHAR(20) NOT NULL, 
	channel_user VARCHAR(80) NOT NULL, 
	person VARCHAR(80) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_binding PRIMARY KEY (channel, channel_user), 
	CONSTRAINT fk_binding_person FOREIGN KEY(person) REFERENCES person (name)
);
INSERT INTO "binding" VALUES('telegram','7','张某','2021-11-05 01:00:00.000000');
CREATE TABLE case_file (
	case_no VARCHAR(40) NOT NULL, 
	cycle VARCHAR(40) NOT NULL, 
	year INTEGER NOT NULL, 
	entity_key VARCHAR(300) NOT NULL, 
	entity_name TEXT NOT NULL, 
	uscc VARCHAR(18) NOT NULL, 
	account_no VARCHAR(80) NOT NULL, 
	province VARCHAR(2) NOT NULL, 
	seq INTEGER NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	since DATETIME, 
	opened_at DATETIME NOT NULL, 
	state JSON, name_key VARCHAR(300) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_case_file PRIMARY KEY (case_no), 
	CONSTRAINT uq_case_file_cycle_province_seq UNIQUE (cycle, province, seq), 
	CONSTRAINT uq_case_file_cycle_year_entity_key UNIQUE (cycle, year, entity_key)
);
INSERT INTO "case_file" VALUES('CCER-2019-13-0001','2019-2020',0,'key','河北示例%电力有限公司','','','13',1,'received','2021-11-05 01:00:00.000000','2021-11-05 01:00:00.000000','{"case_no": "CCER-2019-13-0001", "applications": [], "proofs": [], "cancellations": [], "credits": [], "surrenders": [], "allotted_t": {}, "verified": [], "match_findings": [], "duplicates": 0, "stage": "received", "since": "2021-11-05T01:00:00Z", "last_seq": 2}','河北示例%电力有限公司');
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	message_id VARCHAR(32) NOT NULL, 
	source VARCHAR(8) NOT NULL, 
	source_key VARCHAR(500) NOT NULL, 
	sender TEXT NOT NULL, 
	recipients JSON NOT NULL, 
	received_at DATETIME NOT NULL, 
	peer TEXT NOT NULL, login TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_delivery PRIMARY KEY (id), 
	CONSTRAINT fk_delivery_message_id FOREIGN KEY(message_id) REFERENCES message (id), 
	CONSTRAINT uq_delivery_source_key UNIQUE (source_key)
);
INSERT INTO "delivery" VALUES(1,'m68340705809788ea5f69','smtp','k1','a@qq.example','["clerk@province.example"]','2021-11-05 01:00:00.000000','','');
INSERT INTO "delivery" VALUES(2,'mb167bbadb7fc254d004c','smtp','k2','a@qq.example','["clerk@province.example"]','2021-11-05 01:00:00.000000','','');
INSERT INTO "delivery" VALUES(3,'mab124d69d5d76be3f31c','smtp','k3','a@qq.example','["clerk@province.example"]','2021-11-05 01:00:00.000000','','');
CREATE TABLE digest (
	id INTEGER NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	period VARCHAR(60) NOT NULL, 
	province VARCHAR(2) NOT NULL, 
	recipient VARCHAR(320) NOT NULL, 
	supplement INTEGER NOT NULL, 
	letter_key VARCHAR(600) NOT NULL, 
	created_at DATETIME NOT NULL, 
	facts JSON NOT NULL, 
	CONSTRAINT pk_digest PRIMARY KEY (id), 
	CONSTRAINT uq_digest_kind_period_recipient_supplement UNIQUE (kind, period, recipient, supplement)
);
INSERT INTO "digest" VALUES(1,'weekly','w','13','n@x',0,'notice:sent:a@qq.example:1','2021-11-05 01:00:00.000000','{"\u603b": 1}');
CREATE TABLE digest_event (
	kind VARCHAR(10) NOT NULL, 
	recipient VARCHAR(320) NOT NULL, 
	event_seq INTEGER NOT NULL, 
	digest_id INTEGER NOT NULL, 
	CONSTRAINT pk_digest_event PRIMARY KEY (kind, recipient, event_seq), 
	CONSTRAINT fk_digest_event_digest_id FOREIGN KEY(digest_id) REFERENCES digest (id), 
	CONSTRAINT fk_digest_event_event_seq FOREIGN KEY(event_seq) REFERENCES event (seq)
);
INSERT INTO "digest_event" VALUES('weekly','n@x',1,1);
CREATE TABLE document (
	sha256 VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	type TEXT NOT NULL, 
	kept_at DATETIME NOT NULL, 
	CONSTRAINT pk_document PRIMARY KEY (sha256)
);
INSERT INTO "document" VALUES('315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027',4,'application/pdf','2021-11-05 01:00:00.000000');
CREATE TABLE document_chunk (
	sha256 VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_document_chunk PRIMARY KEY (sha256, seq), 
	CONSTRAINT fk_document_chunk_sha256 FOREIGN KEY(sha256) REFERENCES document (sha256)
);
INSERT INTO "document_chunk" VALUES('315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027',0,X'25504446');
CREATE TABLE event (
	seq INTEGER NOT NULL, 
	case_no VARCHAR(40) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	body TEXT NOT NULL, 
	prev_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_event PRIMARY KEY (seq), 
	CONSTRAINT fk_event_case_no FOREIGN KEY(case_no) REFERENCES case_file (case_no), 
	CONSTRAINT uq_event_hash UNIQUE (hash)
);
INSERT INTO "event" VALUES(1,'CCER-2019-13-0001','reported','2021-11-05 01:00:00.000000','{"actor":{"kind":"mail","name":"a@qq.example"},"at":"2021-11-05T01:00:00+00:00","case_no":"CCER-2019-13-0001","evidence":{"box":null,"document":"","message_id":"","page":null,"part":0,"registry_row":""},"kind":"reported","payload":{"digest":"d0"},"rule":""}','0000000000000000000000000000000000000000000000000000000000000000','14d8986840b96553162c71a421b5ec2ad2125844a9231b69d11ffd851bb71d58');
INSERT INTO "event" VALUES(2,'CCER-2019-13-0001','reported','2021-11-05 01:00:00.000000','{"actor":{"kind":"mail","name":"a@qq.example"},"at":"2021-11-05T01:00:00+00:00","case_no":"CCER-2019-13-0001","evidence":{"box":null,"document":"","message_id":"","page":null,"part":0,"registry_row":""},"kind":"reported","payload":{"digest":"d1"},"rule":""}','14d8986840b96553162c71a421b5ec2ad2125844a9231b69d11ffd851bb71d58','9d7341ff0220e1672056a82f281e8c09cd0e7eb578b4d24a4006c9594a2ad274');
CREATE TABLE filed (
	sha256 VARCHAR(64) NOT NULL, 
	part INTEGER NOT NULL, 
	case_no VARCHAR(40) NOT NULL, 
	application INTEGER NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_filed PRIMARY KEY (sha256, part), 
	CONSTRAINT fk_filed_case_no FOREIGN KEY(case_no) REFERENCES case_file (case_no)
);
CREATE TABLE installation (
	id INTEGER NOT NULL, 
	began_at DATETIME NOT NULL, 
	CONSTRAINT pk_installation PRIMARY KEY (id)
);
INSERT INTO "installation" VALUES(1,'2021-11-01 00:00:00.000000');
CREATE TABLE invitation (
	code_hash VARCHAR(64) NOT NULL, 
	person VARCHAR(80) NOT NULL, 
	expires DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_invitation PRIMARY KEY (code_hash), 
	CONSTRAINT fk_invitation_person FOREIGN KEY(person) REFERENCES person (name)
);
INSERT INTO "invitation" VALUES('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','张某','2021-11-05 01:00:00.000000','2021-11-05 01:00:00.000000');
CREATE TABLE letter (
	"key" VARCHAR(600) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	about VARCHAR(200) NOT NULL, 
	revision INTEGER NOT NULL, 
	intent JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	superseded BOOLEAN NOT NULL, 
	rfc_message_id VARCHAR(200), 
	raw BLOB, 
	CONSTRAINT pk_letter PRIMARY KEY ("key"), 
	CONSTRAINT uq_letter_rfc_message_id UNIQUE (rfc_message_id)
);
INSERT INTO "letter" VALUES('notice:sent:a@qq.example:1','notice','sent',1,'{"kind": "notice", "about": "sent", "to": ["a@qq.example"], "cc": [], "facts": {"office": {"name": "\u5904", "address": "clerk@province.example", "phone": ""}, "title": "\u6807\u9898", "lines": ["\u4e00\u884c"], "case_no": ""}, "sender": "", "thread": {"in_reply_to": "", "references": [], "subject": ""}, "revision": 1, "locale": "zh_CN"}','2021-11-05 01:00:00.000000',0,'<1@x>',X'726177');
INSERT INTO "letter" VALUES('notice:begun:a@qq.example:1','notice','begun',1,'{"kind": "notice", "about": "begun", "to": ["a@qq.example"], "cc": [], "facts": {"office": {"name": "\u5904", "address": "clerk@province.example", "phone": ""}, "title": "\u6807\u9898", "lines": ["\u4e00\u884c"], "case_no": ""}, "sender": "", "thread": {"in_reply_to": "", "references": [], "subject": ""}, "revision": 1, "locale": "zh_CN"}','2021-11-05 01:00:00.000000',0,'<2@x>',X'726177');
INSERT INTO "letter" VALUES('notice:due:a@qq.example:1','notice','due',1,'{"kind": "notice", "about": "due", "to": ["a@qq.example"], "cc": [], "facts": {"office": {"name": "\u5904", "address": "clerk@province.example", "phone": ""}, "title": "\u6807\u9898", "lines": ["\u4e00\u884c"], "case_no": ""}, "sender": "", "thread": {"in_reply_to": "", "references": [], "subject": ""}, "revision": 1, "locale": "zh_CN"}','2021-11-05 01:00:00.000000',0,NULL,NULL);
CREATE TABLE mailbox (
	name VARCHAR(500) NOT NULL, 
	polled_at DATETIME NOT NULL, 
	CONSTRAINT pk_mailbox PRIMARY KEY (name)
);
CREATE TABLE message (
	id VARCHAR(32) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	received_at DATETIME NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_at DATETIME, 
	claimed_by VARCHAR(80), 
	claimed_until DATETIME, 
	error TEXT NOT NULL, 
	mail JSON, 
	fingerprint VARCHAR(64), described INTEGER, failures INTEGER DEFAULT '0' NOT NULL, lane VARCHAR(8) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_message PRIMARY KEY (id), 
	CONSTRAINT uq_message_sha256 UNIQUE (sha256)
);
INSERT INTO "message" VALUES('m68340705809788ea5f69','68340705809788ea5f69f22d3d4fe62b2ab2e02315c7c1841dc3737102f0e987',17,'2021-11-05 01:00:00.000000','done',0,NULL,NULL,NULL,'','{"kind": "application", "from_name": "", "from_addr": "", "reply_to": "", "subject": "\u7533\u8bf7\u8868", "rfc_message_id": "", "references": [], "may_reply": false, "fingerprint": "f1", "text": "", "authentication": null}','f1',1,0,'');
INSERT INTO "message" VALUES('mb167bbadb7fc254d004c','b167bbadb7fc254d004c04a47ca01f454f678140c8718113f8dfa02de31642d1',20,'2021-11-05 01:00:00.000000','received',1,NULL,'jobs-old-1','2021-11-05 01:30:00.000000','','{"kind": "application", "from_name": "", "from_addr": "", "reply_to": "", "subject": "", "rfc_message_id": "", "references": [], "may_reply": false, "fingerprint": "f2", "text": "", "authentication": null}','f2',2,0,'');
INSERT INTO "message" VALUES('mab124d69d5d76be3f31c','ab124d69d5d76be3f31ccb8a4df178a05ff16c202ae317103b6183bde1e1b7de',18,'2021-11-05 01:00:00.000000','received',0,NULL,NULL,NULL,'',NULL,NULL,NULL,0,'');
CREATE TABLE message_chunk (
	upload VARCHAR(64) NOT NULL, 
	seq INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_message_chunk PRIMARY KEY (upload, seq)
);
INSERT INTO "message_chunk" VALUES('67656e0fdd570b2832ad8a8339278415',0,X'5375626A6563743A20646F6E650D0A0D0A');
INSERT INTO "message_chunk" VALUES('042fbc54a6a467dfd6e6f7edcbe07498',0,X'5375626A6563743A20617420776F726B0D0A0D0A');
INSERT INTO "message_chunk" VALUES('e291b8c6c91c25040c15e546511fdab6',0,X'5375626A6563743A2077616974730D0A0D0A');
CREATE TABLE message_upload (
	message_id VARCHAR(32) NOT NULL, 
	upload VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_message_upload PRIMARY KEY (message_id), 
	CONSTRAINT fk_message_upload_message_id FOREIGN KEY(message_id) REFERENCES message (id), 
	CONSTRAINT uq_message_upload_upload UNIQUE (upload)
);
INSERT INTO "message_upload" VALUES('m68340705809788ea5f69','67656e0fdd570b2832ad8a8339278415');
INSERT INTO "message_upload" VALUES('mb167bbadb7fc254d004c','042fbc54a6a467dfd6e6f7edcbe07498');
INSERT INTO "message_upload" VALUES('mab124d69d5d76be3f31c','e291b8c6c91c25040c15e546511fdab6');
CREATE TABLE misuse (
	channel VARCHAR(20) NOT NULL, 
	channel_user VARCHAR(80) NOT NULL, 
	failures INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	locked_until DATETIME, 
	CONSTRAINT pk_misuse PRIMARY KEY (channel, channel_user)
);
CREATE TABLE name_part (
	province VARCHAR(2) NOT NULL, 
	piece VARCHAR(20) NOT NULL, 
	case_no VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_name_part PRIMARY KEY (province, piece, case_no)
)
 WITHOUT ROWID

;
INSERT INTO "name_part" VALUES('13','%电力有限公','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','BQL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','BSL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','BZL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','DLWW','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','DLWX','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','DLYW','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','DLYX','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','GC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','GS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','HBQL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','HBSL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','HBZL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','LWWG','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','LWXG','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','LYWG','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','LYXG','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','QL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','SL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','WGC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','WGS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','WWGC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','WWGS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','WXGC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','WXGS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','XGC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','XGS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','YWGC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','YWGS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','YXGC','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','YXGS','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','ZL','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','例%电力有限','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','公司','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','力有限公司','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','北示例%电力','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','司','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','有限公司','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','河北示例%电','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','电力有限公司','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','示例%电力有','CCER-2019-13-0001');
INSERT INTO "name_part" VALUES('13','限公司','CCER-2019-13-0001');
CREATE TABLE notice (
	"key" VARCHAR(300) NOT NULL, 
	person VARCHAR(80) NOT NULL, 
	text TEXT NOT NULL, 
	case_no TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	CONSTRAINT pk_notice PRIMARY KEY ("key")
);
INSERT INTO "notice" VALUES('n1','张某','一条通知','','2021-11-05 01:00:00.000000',NULL);
CREATE TABLE notice_habit (
	person VARCHAR(80) NOT NULL, 
	quiet_from INTEGER, 
	quiet_to INTEGER, 
	muted_until DATETIME, locale VARCHAR(20), 
	CONSTRAINT pk_notice_habit PRIMARY KEY (person)
);
CREATE TABLE person (
	name VARCHAR(80) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	provinces JSON NOT NULL, 
	revoked BOOLEAN NOT NULL, 
	CONSTRAINT pk_person PRIMARY KEY (name)
);
INSERT INTO "person" VALUES('张某','handler','["13"]',0);
CREATE TABLE placement (
	message_id VARCHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	place VARCHAR(20) NOT NULL, 
	case_no TEXT NOT NULL, 
	application INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_placement PRIMARY KEY (message_id, ordinal, part), 
	CONSTRAINT fk_placement_message_id FOREIGN KEY(message_id) REFERENCES message (id)
);
INSERT INTO "placement" VALUES('m68340705809788ea5f69',0,0,'315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027','申请表.pdf','application','',0,'');
CREATE TABLE reading (
	sha256 VARCHAR(64) NOT NULL, 
	version VARCHAR(80) NOT NULL, 
	readings JSON NOT NULL, 
	CONSTRAINT pk_reading PRIMARY KEY (sha256, version), 
	CONSTRAINT fk_reading_sha256 FOREIGN KEY(sha256) REFERENCES document (sha256)
);
INSERT INTO "reading" VALUES('315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027','v1','[{"kind": "other", "first_page": 1, "pages": 1, "fields": {}, "projects": [], "records": [], "seals": [], "problem": null, "seconds": 0.0, "rows_total": null, "handwritten": false}]');
CREATE TABLE recipient (
	"key" VARCHAR(600) NOT NULL, 
	address VARCHAR(320) NOT NULL, 
	state VARCHAR(10) NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_at DATETIME, 
	answer TEXT NOT NULL, 
	at DATETIME, leased_by VARCHAR(80), leased_until DATETIME, 
	CONSTRAINT pk_recipient PRIMARY KEY ("key", address), 
	CONSTRAINT fk_recipient_key FOREIGN KEY("key") REFERENCES letter ("key")
);
INSERT INTO "recipient" VALUES('notice:sent:a@qq.example:1','a@qq.example','sent',1,NULL,'250','2021-11-05 01:00:00.000000',NULL,NULL);
INSERT INTO "recipient" VALUES('notice:begun:a@qq.example:1','a@qq.example','queued',1,NULL,'','2021-11-05 01:00:00.000000',NULL,NULL);
INSERT INTO "recipient" VALUES('notice:due:a@qq.example:1','a@qq.example','queued',0,NULL,'',NULL,NULL,NULL);
CREATE TABLE registry_import (
	id VARCHAR(32) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	complete_until DATETIME NOT NULL, 
	at DATETIME NOT NULL, 
	actor TEXT NOT NULL, 
	rows INTEGER NOT NULL, 
	CONSTRAINT pk_registry_import PRIMARY KEY (id)
);
CREATE TABLE registry_row (
	kind VARCHAR(20) NOT NULL, 
	row_id VARCHAR(64) NOT NULL, 
	import_id VARCHAR(32) NOT NULL, 
	code VARCHAR(80) NOT NULL, 
	name VARCHAR(300) NOT NULL, 
	account_no VARCHAR(80) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	data JSON NOT NULL, 
	CONSTRAINT pk_registry_row PRIMARY KEY (kind, row_id), 
	CONSTRAINT fk_registry_row_import_id FOREIGN KEY(import_id) REFERENCES registry_import (id)
);
CREATE TABLE tally (
	cycle VARCHAR(40) NOT NULL, 
	province VARCHAR(2) NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	cases INTEGER NOT NULL, 
	CONSTRAINT pk_tally PRIMARY KEY (cycle, province, stage)
);
INSERT INTO "tally" VALUES('2019-2020','13','received',1);
CREATE TABLE tray (
	id INTEGER NOT NULL, 
	message_id VARCHAR(32) NOT NULL, 
	document VARCHAR(64) NOT NULL, 
	reason VARCHAR(60) NOT NULL, 
	text TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	closed_by TEXT NOT NULL, 
	closed_how TEXT NOT NULL, 
	closed_note TEXT NOT NULL, 
	closed_at DATETIME, 
	CONSTRAINT pk_tray PRIMARY KEY (id), 
	CONSTRAINT uq_tray_message_id_document_reason UNIQUE (message_id, document, reason)
);
INSERT INTO "tray" VALUES(1,'mab124d69d5d76be3f31c','','damaged','看不清','2021-11-05 01:00:00.000000','','','',NULL);
CREATE TABLE waiting (
	case_no VARCHAR(40) NOT NULL, 
	application INTEGER NOT NULL, 
	province VARCHAR(2) NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	received_at DATETIME NOT NULL, 
	CONSTRAINT pk_waiting PRIMARY KEY (case_no, application), 
	CONSTRAINT fk_waiting_case_no FOREIGN KEY(case_no) REFERENCES case_file (case_no)
);
CREATE INDEX ix_case_file_account_no ON case_file (account_no);
CREATE INDEX ix_case_file_province_stage ON case_file (province, stage);
CREATE INDEX ix_case_file_uscc ON case_file (uscc);
CREATE INDEX ix_letter_about ON letter (about);
CREATE INDEX ix_message_fingerprint ON message (fingerprint);
CREATE INDEX ix_message_state ON message (state);
CREATE INDEX ix_notice_sent_at ON notice (sent_at);
CREATE INDEX ix_registry_import_kind ON registry_import (kind);
CREATE INDEX ix_tray_closed_at ON tray (closed_at);
CREATE INDEX ix_binding_person ON binding (person);
CREATE INDEX ix_delivery_message_id ON delivery (message_id);
CREATE INDEX ix_event_case_no ON event (case_no);
CREATE INDEX ix_event_kind ON event (kind);
CREATE INDEX ix_placement_sha256 ON placement (sha256);
CREATE INDEX ix_recipient_state ON recipient (state);
CREATE INDEX ix_registry_row_account ON registry_row (kind, account_no);
CREATE INDEX ix_registry_row_code ON registry_row (kind, code);
CREATE INDEX ix_registry_row_name ON registry_row (kind, name);
CREATE INDEX ix_digest_event_digest_id ON digest_event (digest_id);
CREATE INDEX ix_message_described ON message (described);
CREATE INDEX ix_case_file_name_key ON case_file (name_key);
CREATE INDEX ix_message_due ON message (received_at, id) WHERE state = 'received';
CREATE INDEX ix_letter_undressed ON letter (created_at, "key") WHERE raw IS NULL;
CREATE INDEX ix_recipient_due ON recipient ("key") WHERE state IN ('queued', 'deferred');
CREATE INDEX ix_recipient_address ON recipient (address);
CREATE INDEX ix_case_file_entity_key ON case_file (entity_key);
CREATE INDEX ix_event_at ON event (at);
CREATE INDEX ix_message_lane ON message (lane, received_at, id) WHERE state = 'received';
CREATE INDEX ix_waiting_province_received ON waiting (province, received_at, case_no, application);
CREATE INDEX ix_waiting_received ON waiting (received_at, case_no, application);
CREATE INDEX ix_access_case_no ON access (case_no);
COMMIT;
