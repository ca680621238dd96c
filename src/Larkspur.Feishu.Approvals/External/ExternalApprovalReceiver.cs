using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.Approvals;

/// <summary>Reads what the platform posts when somebody decides another system's task in it (<see cref="ExternalApprovalDraft.CallbackUrl"/>). Knows no web framework: give it the received bytes.</summary>
/// <remarks>
/// <para>With a key everything must be encrypted with it; the token must be there and right in any case, and is compared in constant time. There is no signature and no time in these posts,
/// so one that was recorded could be played again: decide a task once, by its id.</para>
/// <para>The platform waits 10 s. Answer 200 when the decision is kept; an answer above 400 may say why not (<see cref="Refusal"/>). Afterwards show the instance as it is
/// (<see cref="ExternalApprovals.ShowAsync"/>). Thread-safe. Source: approval-v4/external_approval/quick-approval-callback.</para>
/// </remarks>
public sealed class ExternalApprovalReceiver
{
    /// <summary>Largest body looked at: 1 MiB.</summary>
    public const int MaxBodyBytes = 1 << 20;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly byte[] _token;
    private readonly EventCipher? _cipher;

    /// <summary>A receiver.</summary>
    /// <param name="token">The kind's <see cref="ExternalApprovalDraft.CallbackToken"/>.</param>
    /// <param name="key">The kind's <see cref="ExternalApprovalDraft.CallbackKey"/>, when it has one.</param>
    public ExternalApprovalReceiver(string token, string? key = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        _token = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        _cipher = string.IsNullOrEmpty(key) ? null : new EventCipher(key);
    }

    /// <summary>Verifies and reads a post. Never throws for what a sender can send.</summary>
    public ExternalApprovalReception Receive(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBodyBytes) return new(null, ExternalApprovalRefusal.TooLarge);
        if (_cipher is null) return Judge(body);
        if (Encrypted(body) is not { } encrypted) return new(null, ExternalApprovalRefusal.NotEncrypted);
        var buffer = new PooledBuffer();
        try
        {
            return _cipher.TryDecrypt(Encoding.UTF8.GetBytes(encrypted), ref buffer, out ReadOnlySpan<byte> plain) ? Judge(plain) : new(null, ExternalApprovalRefusal.Undecryptable);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>The body of an answer above 400 that tells the person why not.</summary>
    /// <param name="message">The text, shown as they are.</param>
    public static byte[] Refusal(string message)
    {
        ArgumentException.ThrowIfNullOrEmpty(message);
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["message"] = message, ["without_prefix"] = true }, FeishuJson.Options);
    }

    private ExternalApprovalReception Judge(ReadOnlySpan<byte> json)
    {
        using JsonDocument? document = Parse(json);
        if (document is null) return new(null, ExternalApprovalRefusal.Malformed);
        JsonElement root = document.RootElement;
        // Hashes of one length: the comparison tells nothing of the token, its length included.
        if (Text(root, "token") is not { } token || !CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), _token))
            return new(null, ExternalApprovalRefusal.WrongToken);
        if (Text(root, "action_type") is not { Length: > 0 } action || Text(root, "user_id") is not { Length: > 0 } user || Text(root, "approval_code") is not { Length: > 0 } code)
            return new(null, ExternalApprovalRefusal.Malformed);
        return new(
            new()
            {
                Type = action,
                UserId = user,
                ApprovalCode = code,
                InstanceId = Given(root, "instance_id"),
                // Found by a search, the task comes as "id"; from a list as "task_id".
                TaskId = Given(root, "task_id") ?? Given(root, "id"),
                MessageId = Given(root, "message_id"),
                Context = Given(root, "action_context"),
                Reason = Given(root, "reason"),
                Attachments = Attachments(root),
            },
            null);
    }

    private static JsonDocument? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json.ToArray(), Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object && IsText(document.RootElement)) return document;
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // What a sender sent; the caller hears "malformed".
            return null;
        }
    }

    /// <summary>Half a surrogate pair ("\ud800") is valid JSON that is no text; none is let in.</summary>
    private static bool IsText(JsonElement root)
    {
        try
        {
            foreach (JsonProperty member in root.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String) _ = member.Value.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Encrypted(ReadOnlySpan<byte> body)
    {
        using JsonDocument? document = Parse(body);
        return document is null ? null : Text(document.RootElement, "encrypt");
    }

    private static List<ExternalApprovalAttachment> Attachments(JsonElement root)
    {
        if (!root.TryGetProperty("attachments", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return [];
        return
        [
            .. list.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.Object && IsText(a)).Select(a => new ExternalApprovalAttachment(
                Text(a, "url") ?? "", Text(a, "file_name") ?? "", a.TryGetProperty("file_size", out JsonElement size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long bytes) ? bytes : 0,
                Text(a, "file_type") == "IMAGE")),
        ];
    }

    private static string? Given(JsonElement json, string name) => Text(json, name) is { Length: > 0 } text ? text : null;

    private static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement member) ? null : member.ValueKind switch
    {
        JsonValueKind.String => member.GetString(),
        JsonValueKind.Number => member.GetRawText(),
        _ => null,
    };
}

/// <summary>What became of a post: an action, or why it is refused.</summary>
/// <param name="Action">What somebody decided; null: refused.</param>
/// <param name="Refusal">Why it is refused; null: it is not.</param>
public sealed record ExternalApprovalReception(ExternalApprovalAction? Action, ExternalApprovalRefusal? Refusal);

/// <summary>Why a post is refused.</summary>
public enum ExternalApprovalRefusal
{
    /// <summary>Larger than <see cref="ExternalApprovalReceiver.MaxBodyBytes"/>: answer 413.</summary>
    TooLarge,

    /// <summary>Not the platform's JSON: answer 400.</summary>
    Malformed,

    /// <summary>There is a key, and the post is not encrypted: answer 401.</summary>
    NotEncrypted,

    /// <summary>Not encrypted with this key: answer 401.</summary>
    Undecryptable,

    /// <summary>No token, or another one: answer 401.</summary>
    WrongToken,
}

/// <summary>What somebody decided in the platform.</summary>
public sealed record ExternalApprovalAction
{
    /// <summary><c>APPROVE</c>, <c>REJECT</c>, or a type of the task's own.</summary>
    public required string Type { get; init; }

    /// <summary>Agreed.</summary>
    public bool IsApproved => Type == "APPROVE";

    /// <summary>Refused.</summary>
    public bool IsRejected => Type == "REJECT";

    /// <summary>Who: user_id.</summary>
    public required string UserId { get; init; }

    /// <summary>The kind.</summary>
    public required string ApprovalCode { get; init; }

    /// <summary>The other system's id of the instance; null: decided on a message or after a search.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The other system's id of the task; null: decided on a message.</summary>
    public string? TaskId { get; init; }

    /// <summary>The approval bot's message it was decided on, or null.</summary>
    public string? MessageId { get; init; }

    /// <summary>The task's <see cref="ExternalTask.Context"/>, or null.</summary>
    public string? Context { get; init; }

    /// <summary>What was said with it, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>What was attached.</summary>
    public IReadOnlyList<ExternalApprovalAttachment> Attachments { get; init; } = [];
}

/// <summary>A file with a decision.</summary>
/// <param name="Url">Where it can be fetched.</param>
/// <param name="Name">Its name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsImage">A picture.</param>
public sealed record ExternalApprovalAttachment(string Url, string Name, long Length, bool IsImage);
