using System.Data.Common;
using System.Security.Cryptography;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>A file that somebody uploaded in the web chat, or a picture that an answer shows them there.</summary>
/// <param name="Id"><c>wf_</c> and 32 hexadecimal digits. No secret: it is read by its own person only.</param>
/// <param name="Name">As shown; never a path.</param>
/// <param name="ContentType">As its bytes show.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Message">Key of the message that it came with; null: none yet.</param>
internal sealed record WebFile(string Id, string Name, string ContentType, long Size, string? Message)
{
    /// <summary>Files of one person that wait for their message.</summary>
    public const int MostUnsent = 20;

    /// <summary>Bytes of one person that are kept.</summary>
    public const long MostKept = 200L << 20;

    private const string Noted = "web_file";

    private static readonly System.Buffers.SearchValues<char> Digits = System.Buffers.SearchValues.Create("0123456789abcdef");

    private const string Columns = "file, name, content_type, size, message";

    /// <summary><c>image</c>, <c>file</c>, <c>audio</c>, <c>video</c>.</summary>
    public string Kind => new MediaType(ContentType, "").Kind;

    public static string NewId() => "wf_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static bool IsId(string id) => id.Length == 35 && id.StartsWith("wf_", StringComparison.Ordinal) && !id.AsSpan(3).ContainsAnyExcept(Digits);

    /// <summary>Puts a file down, unless too much of the person's is kept with messages already. Files that wait for their message make room, the oldest first: most of them wait for none any more, as whoever chose them took them back.</summary>
    /// <returns>False: there is too much.</returns>
    public static async ValueTask<bool> AddAsync(IUnitOfWork unit, string person, WebFile file, byte[] bytes, int mostUnsent, long mostBytes, DateTimeOffset now)
    {
        // The chat's row is locked: else two uploads at once would each see the room that one of them takes.
        await ChatStore.LockAsync(unit, person);
        var sent = await unit.NumberAsync("SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM web_file WHERE person = $1 AND message IS NOT NULL", person) ?? 0;
        if (sent + file.Size > mostBytes) return false;
        var (kept, unsent) = (sent + file.Size, 1);
        foreach (var (id, size) in await unit.QueryAsync("SELECT id, size FROM web_file WHERE person = $1 AND message IS NULL ORDER BY id DESC", static row => (row.GetInt64(0), row.GetInt64(1)), person))
        {
            (kept, unsent) = (kept + size, unsent + 1);
            if (unsent <= mostUnsent && kept <= mostBytes) continue;
            await unit.ExecuteAsync("DELETE FROM web_file WHERE person = $1 AND message IS NULL AND id <= $2", person, id);
            break;
        }

        await unit.ExecuteAsync("INSERT INTO web_file (file, person, name, content_type, size, bytes, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            file.Id, person, file.Name, file.ContentType, file.Size, bytes, now.ToUnixTimeMilliseconds());
        return true;
    }

    /// <summary>The file, if it is this person's.</summary>
    public static ValueTask<WebFile?> FindAsync(ISql sql, string id, string person) => sql.FirstAsync($"SELECT {Columns} FROM web_file WHERE file = $1 AND person = $2", Read, id, person);

    /// <summary>Its bytes.</summary>
    public static ValueTask<byte[]?> BytesAsync(ISql sql, string id) => sql.FirstAsync("SELECT bytes FROM web_file WHERE file = $1", static row => row.Bytes(0), id);

    /// <summary>It came with a message, and is kept as long as that.</summary>
    public static async ValueTask SentAsync(IUnitOfWork unit, string id, string message) =>
        await unit.ExecuteAsync("UPDATE web_file SET message = $2 WHERE file = $1 AND message IS NULL", id, message);

    /// <summary>Two became one.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, PersonJoin join)
    {
        await JoinRows.NoteAsync(unit, join, Noted, "web_file");
        await unit.ExecuteAsync("UPDATE web_file SET person = $2 WHERE person = $1", join.Former, join.Person);
    }

    /// <summary>They are two again. What was uploaded meanwhile goes with its message; what was not sent yet stays, and is forgotten within the hour.</summary>
    public static async ValueTask ReturnAsync(IUnitOfWork unit, JoinUndo undo) => await unit.ExecuteAsync($"""
        UPDATE web_file SET person = $2 WHERE person = $1 AND (id IN {JoinRows.Of(undo.Join, Noted)} OR message IN (SELECT key FROM web_message WHERE person = $2))
        """, undo.Person, undo.Former.Id);

    /// <summary>Forgets what was not sent.</summary>
    public static ValueTask<int> PruneUnsentAsync(OldBatch old) => old.ExecuteAsync(
        "DELETE FROM web_file WHERE id IN (SELECT id FROM web_file WHERE message IS NULL AND at < $1 ORDER BY at LIMIT $2)");

    /// <summary>Forgets what came with messages that are forgotten.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM web_file WHERE id IN (SELECT f.id FROM web_file f
          WHERE f.at < $1 AND NOT EXISTS (SELECT 1 FROM web_message m WHERE m.key = f.message) ORDER BY f.at LIMIT $2)
        """);

    private static WebFile Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.Text(4));
}
