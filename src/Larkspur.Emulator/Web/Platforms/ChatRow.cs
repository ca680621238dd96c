namespace Larkspur.Emulator.Web.Platforms;

/// <summary>Whose picture stands beside a chat.</summary>
public enum ChatAvatar { Group, Bot, Notices }

/// <summary>A chat in the list of one person, in that person's language.</summary>
public sealed record ChatRow(string Id, string Name, ChatAvatar Face)
{
    /// <summary>What it is, under its name.</summary>
    public string Note { get; init; } = "";

    /// <summary>A label beside the name; empty for none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The last message in one line.</summary>
    public string Preview { get; init; } = "";

    public DateTimeOffset? LastActive { get; init; }

    public int Unread { get; init; }

    /// <summary>The person can write there.</summary>
    public bool Writable { get; init; } = true;

    /// <summary>In a group with a bot: by which name it is mentioned.</summary>
    public string? Mentionable { get; init; }
}
