using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>A message of a web chat.</summary>
internal sealed record ChatRow
{
    public const string Columns = "id, person, seq, changed, kind, key, session, turn, state, text, face, reference, at";

    public long Id { get; init; }

    public required string Person { get; init; }

    /// <summary>Its place in the chat.</summary>
    public long Seq { get; init; }

    /// <summary>The newest change of it.</summary>
    public long Changed { get; init; }

    public required ChatKind Kind { get; init; }

    /// <summary>What it is for: once each.</summary>
    public required string Key { get; init; }

    /// <summary>The session that a question was asked in.</summary>
    public string? Session { get; init; }

    /// <summary>The turn that an answer is of.</summary>
    public string? Turn { get; init; }

    /// <summary>The answer is being written.</summary>
    public bool IsOpen { get; init; }

    public required string Text { get; init; }

    public required ChatFace Face { get; init; }

    /// <summary>What people may quote.</summary>
    public required string Reference { get; init; }

    public required DateTimeOffset At { get; init; }

    public static ChatRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Person = row.GetString(1), Seq = row.GetInt64(2), Changed = row.GetInt64(3), Kind = (ChatKind)row.GetInt32(4), Key = row.GetString(5), Session = row.Text(6), Turn = row.Text(7),
        IsOpen = row.GetInt32(8) == 0, Text = row.GetString(9), Face = ChatFace.Read(row.GetString(10)), Reference = row.GetString(11), At = row.Time(12),
    };
}

/// <summary>Kinds of messages.</summary>
internal enum ChatKind
{
    /// <summary>The person's.</summary>
    Question = 0,

    /// <summary>Of the assistant, in one piece.</summary>
    Words = 1,

    /// <summary>Of the assistant; it grows before the reader's eyes.</summary>
    Answer = 2,
}
