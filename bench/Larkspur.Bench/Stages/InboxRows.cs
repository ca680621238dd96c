using System.Security.Cryptography;
using System.Text;
using SQLitePCL;

namespace Larkspur.Bench.Stages;

/// <summary>
/// A durable append as cheap as SQLite can make it: prepared statements through the C interface, one inbox row with 22 columns, and the event's and the
/// message's key in a table of their own; or the row alone, as the gateway does it, which merges the keys later. The settings are the gateway's.
/// </summary>
internal sealed class InboxRows : IDisposable
{
    private readonly SystemSqlite _database;
    private readonly byte[] _payload;
    private readonly bool _keys;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _insert;
    private readonly sqlite3_stmt _remember;
    private readonly byte[] _text = new byte[64];
    private long _number;

    public InboxRows(string path, byte[] payload, bool keys)
    {
        _payload = payload;
        _keys = keys;
        _database = SystemSqlite.Open(path);
        _database.Execute("""
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000; PRAGMA cache_size=-65536;
            CREATE TABLE inbox (id INTEGER PRIMARY KEY AUTOINCREMENT, platform TEXT NOT NULL, app TEXT NOT NULL, event_id TEXT NOT NULL, event_type TEXT NOT NULL,
              kind INTEGER NOT NULL, ordering_key TEXT NOT NULL, chat_id TEXT, message_id TEXT, person_id TEXT, tenant_key TEXT, trace_parent TEXT, payload BLOB NOT NULL,
              status INTEGER NOT NULL DEFAULT 0, outcome TEXT, reason TEXT, reference TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
              effects INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0, received_at INTEGER NOT NULL, finished_at INTEGER);
            CREATE INDEX inbox_open ON inbox (id) WHERE status = 0;
            CREATE TABLE inbox_seen (seen BLOB NOT NULL PRIMARY KEY, inbox_id INTEGER NOT NULL) WITHOUT ROWID;
            """);
        _begin = _database.Prepare("BEGIN IMMEDIATE");
        _commit = _database.Prepare("COMMIT");
        _insert = _database.Prepare("""
            INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent, payload, reference, received_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """);
        // One statement finds out whether the key is new and takes it.
        _remember = _database.Prepare("INSERT INTO inbox_seen (seen, inbox_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    }

    /// <summary>A transaction of so many new events.</summary>
    public void Commit(int group)
    {
        _database.Run(_begin);
        for (var i = 0; i < group; i++) Append(++_number);
        _database.Run(_commit);
    }

    /// <summary>Work of the processor alone: what a group costs when nothing has to reach the disk.</summary>
    public void WithoutSync() => _database.Execute("PRAGMA synchronous=OFF");

    public void Dispose()
    {
        foreach (var statement in (sqlite3_stmt[])[_begin, _commit, _insert, _remember]) statement.Dispose();
        _database.Dispose();
    }

    private void Append(long number)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(BitConverter.GetBytes(number), hash);
        Convert.TryToHexStringLower(hash, _text, out _);
        Text(1, "feishu"u8);
        Text(2, "default"u8);
        Text(3, _text.AsSpan(0, 32));
        Text(4, "im.message.receive_v1"u8);
        raw.sqlite3_bind_int(_insert, 5, 0);
        Text(6, _text.AsSpan(0, 40));
        Text(7, _text.AsSpan(0, 35));
        Text(8, _text.AsSpan(0, 35));
        Text(9, _text.AsSpan(0, 35));
        Text(10, "736588c9260f175d"u8);
        Text(11, _text.AsSpan(0, 55));
        raw.sqlite3_bind_blob(_insert, 12, _payload);
        Text(13, _text.AsSpan(0, 9));
        raw.sqlite3_bind_int64(_insert, 14, 1_700_000_000_000 + number);
        _database.Run(_insert);
        if (!_keys) return;
        var id = _database.LastId();
        Remember(hash[..16], id);
        Remember(hash[16..], id);
    }

    private void Remember(ReadOnlySpan<byte> key, long id)
    {
        raw.sqlite3_bind_blob(_remember, 1, key);
        raw.sqlite3_bind_int64(_remember, 2, id);
        _database.Run(_remember);
    }

    private void Text(int index, ReadOnlySpan<byte> utf8) => raw.sqlite3_bind_text(_insert, index, utf8);
}
