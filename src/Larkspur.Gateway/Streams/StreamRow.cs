using System.Data.Common;
using System.Text.Json;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Streams;

/// <summary>A stream as it is stored.</summary>
internal sealed record StreamRow
{
    public const string Columns = "id, app, lane, target_type, target, in_thread, inbox_id, fed_by, node, face, reference, state, ending, text, "
        + "created_at, fed_at, ended_at, turn_id, owner, last_face";

    public required string Id { get; init; }

    public required string App { get; init; }

    public required string Lane { get; init; }

    public required StreamTarget Target { get; init; }

    public required long InboxId { get; init; }

    public long TurnId { get; init; }

    public required bool IsFedOverApi { get; init; }

    /// <summary>The system that writes it; empty: no single system's.</summary>
    public string Owner { get; init; } = "";

    public required string Node { get; init; }

    public required StreamFace Face { get; init; }

    public required string Reference { get; init; }

    public bool HasEnded { get; init; }

    public string? Ending { get; init; }

    public string Text { get; init; } = "";

    /// <summary>What it ended with; the text is <see cref="Text"/>. Null: it is open, or a version that did not keep it has ended it.</summary>
    public StreamEnd? End { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset FedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public static StreamRow Read(DbDataReader row) => new()
    {
        Id = row.GetString(0),
        App = row.GetString(1),
        Lane = row.GetString(2),
        Target = row.GetString(3) == "message_id" ? StreamTarget.Reply(row.GetString(4)) with { InThread = row.GetInt32(5) != 0 } : StreamTarget.To(row.GetString(3), row.GetString(4)),
        InboxId = row.GetInt64(6),
        IsFedOverApi = row.GetInt32(7) != 0,
        Node = row.GetString(8),
        Face = StreamFace.Read(row.GetString(9)),
        Reference = row.GetString(10),
        HasEnded = row.GetInt32(11) != 0,
        Ending = row.Text(12),
        Text = row.GetString(13),
        CreatedAt = row.Time(14),
        FedAt = row.Time(15),
        EndedAt = row.TimeOrNull(16),
        TurnId = row.GetInt64(17),
        Owner = row.GetString(18),
        End = row.Text(19) is { } end ? JsonSerializer.Deserialize<StreamEnd>(end) : null,
    };
}

/// <summary>How a stream's cards look, and in which language we speak on them.</summary>
internal sealed record StreamFace(string? Title, string Thinking, string? Language)
{
    /// <summary>Components below the text while it is written.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    public override string ToString() => JsonSerializer.Serialize(this);

    public static StreamFace Read(string json) => JsonSerializer.Deserialize<StreamFace>(json) ?? throw new FormatException("The face of a stream is empty.");

    public StreamingCardOptions Options(StreamOptions options) => new()
    {
        Title = Title, Thinking = Thinking, Components = Components, UseCardKit = options.UseCardKit, FrameInterval = options.FrameInterval, PatchInterval = options.PatchInterval,
    };

    /// <summary>A text of ours in the reader's language, or in both.</summary>
    public string Say(LocalText text) => Languages.FromTag(Language) is { } language ? text.In(language) : text.Both;
}
