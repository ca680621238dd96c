namespace Larkspur.Emulator.Web.Platforms;

/// <summary>What the pages of a platform beside Feishu ask of it: its chats as one person sees them, and what that person does in them.</summary>
/// <remarks>Actions return what the person is told when they fail, else <see langword="null"/>; what the platform refuses outright they throw as <see cref="Control.ControlRefusal"/>.</remarks>
public interface IPlatformClient
{
    /// <summary>The page's address without its slash; also the class of its look.</summary>
    string Name { get; }

    /// <summary>Whether the platform knows what of a chat a person has read.</summary>
    bool MarksRead { get; }

    /// <summary>Most recently active first.</summary>
    IReadOnlyList<ChatRow> Chats(Viewer viewer);

    /// <summary>Oldest first, the latest <see cref="Viewer.MessagesShown"/> at most; of a chat that the person is in.</summary>
    IReadOnlyList<MessageRow> Messages(Viewer viewer, ChatRow chat);

    /// <summary>What a person has not read, over all chats.</summary>
    int Unread(string userId);

    /// <summary>Where a person's approvals are; <see langword="null"/>: the platform's are not played.</summary>
    string? Approvals(Viewer viewer, string? asPerson = null) => null;

    /// <summary>The person looks at a chat.</summary>
    /// <param name="first">For the first time since the page's window opened.</param>
    Task OpenAsync(string userId, string chat, bool first, CancellationToken cancellationToken);

    /// <param name="mention">In a group: the bot is mentioned, and hears it.</param>
    Task<string?> SendAsync(string userId, string chat, string text, bool mention, CancellationToken cancellationToken);

    /// <summary>Says something about a message of the same chat, where <see cref="MessageRow.Quotable"/> offers it.</summary>
    /// <inheritdoc cref="SendAsync"/>
    Task<string?> ReplyAsync(string userId, string chat, string message, string text, bool mention, CancellationToken cancellationToken) => throw new Control.ControlRefusal("One cannot reply to a message here.");

    Task<string?> UploadAsync(string userId, string chat, string name, byte[] bytes, bool isPicture, CancellationToken cancellationToken);

    /// <param name="key">Of the button.</param>
    /// <param name="chosen">Of the card's questions: the ids of the chosen options.</param>
    Task<string?> ClickAsync(string userId, string message, string key, IReadOnlyDictionary<string, string[]> chosen, CancellationToken cancellationToken);

    /// <param name="rating">good, bad or cancel.</param>
    Task<string?> RateAsync(string userId, string message, string rating, CancellationToken cancellationToken);
}
