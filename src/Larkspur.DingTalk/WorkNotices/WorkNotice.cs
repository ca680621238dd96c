using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.WorkNotices;

/// <summary>What a work notice (工作通知) says. Buttons are links: for buttons that tell you use a card.</summary>
/// <remarks>Source: 02/0769. At most 2 048 bytes of JSON.</remarks>
public sealed class WorkNoticeContent
{
    /// <summary>Most bytes of the content as JSON.</summary>
    public const int MaxBytes = 2048;

    private WorkNoticeContent(string kind, object content)
    {
        Json = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["msgtype"] = kind, [kind] = content }, DingTalkJson.New);
        if (Encoding.UTF8.GetByteCount(Json.GetRawText()) > MaxBytes) throw new ArgumentException($"A work notice has at most {MaxBytes} bytes.", nameof(content));
    }

    internal JsonElement Json { get; }

    /// <summary>Then it goes to 5 userids at most.</summary>
    internal bool HasStatusBar { get; private init; }

    /// <summary>Plain text.</summary>
    public static WorkNoticeContent Text(string content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(content);
        return new("text", new { content });
    }

    /// <summary>Markdown.</summary>
    public static WorkNoticeContent Markdown(string title, string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return new("markdown", new { title, text });
    }

    /// <summary>A link with a picture.</summary>
    public static WorkNoticeContent Link(string title, string text, string messageUrl, string picUrl) => new("link", new { messageUrl, picUrl, title, text });

    /// <summary>Markdown with one button (20 characters), which is a link.</summary>
    public static WorkNoticeContent ActionCard(string title, string markdown, string buttonTitle, string buttonUrl)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(buttonTitle);
        if (buttonTitle.Length > 20) throw new ArgumentException("A button's title has at most 20 characters.", nameof(buttonTitle));
        return new("action_card", new { title, markdown, single_title = buttonTitle, single_url = buttonUrl });
    }

    /// <summary>A form with a status bar.</summary>
    /// <exception cref="ArgumentException">A bound is passed.</exception>
    public static WorkNoticeContent Form(OaNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return new("oa", notice.Wire()) { HasStatusBar = notice.StatusBar is not null };
    }

    /// <summary>Markdown with several buttons, which are links.</summary>
    /// <param name="title">Shown in the list of chats.</param>
    /// <param name="markdown">The text.</param>
    /// <param name="buttons">Titles and addresses.</param>
    /// <param name="sideBySide">In a row, else one below the other.</param>
    public static WorkNoticeContent ActionCard(string title, string markdown, IReadOnlyList<(string Title, string Url)> buttons, bool sideBySide = false)
    {
        ArgumentNullException.ThrowIfNull(buttons);
        if (buttons.Count == 0 || buttons.Any(static b => string.IsNullOrWhiteSpace(b.Title) || string.IsNullOrWhiteSpace(b.Url))) throw new ArgumentException("There are no buttons, or one is empty.", nameof(buttons));
        return new("action_card", new { title, markdown, btn_orientation = sideBySide ? "1" : "0", btn_json_list = buttons.Select(static b => new { title = b.Title, action_url = b.Url }).ToArray() });
    }

    /// <summary>Any other kind, as the platform describes it.</summary>
    /// <param name="kind"><c>msgtype</c>: <c>image</c>, <c>voice</c>, <c>file</c>, …</param>
    /// <param name="content">Its content; write names as on the wire.</param>
    public static WorkNoticeContent Other(string kind, object content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(content);
        return new(kind, content);
    }
}

/// <summary>What became of a work notice. Success of the call is not delivery: over a limit people silently get nothing, and only this says so.</summary>
public sealed record WorkNoticeResult
{
    /// <summary>No such people.</summary>
    public IReadOnlyList<string> InvalidUserIdList { get; init; } = [];

    /// <summary>People who got nothing because of a limit; <see cref="ForbiddenList"/> says which.</summary>
    public IReadOnlyList<string> ForbiddenUserIdList { get; init; } = [];

    /// <summary>People for whom it failed.</summary>
    public IReadOnlyList<string> FailedUserIdList { get; init; } = [];

    /// <summary>Who has read it.</summary>
    public IReadOnlyList<string> ReadUserIdList { get; init; } = [];

    /// <summary>Who has it and has not read it.</summary>
    public IReadOnlyList<string> UnreadUserIdList { get; init; } = [];

    /// <summary>No such departments.</summary>
    public IReadOnlyList<long> InvalidDeptIdList { get; init; } = [];

    /// <summary>Limits that were hit.</summary>
    public IReadOnlyList<WorkNoticeLimit> ForbiddenList { get; init; } = [];

    /// <summary>Nobody is known to have been left out.</summary>
    public bool ReachedEverybody => InvalidUserIdList.Count + ForbiddenUserIdList.Count + FailedUserIdList.Count + InvalidDeptIdList.Count + ForbiddenList.Count == 0;
}

/// <summary>A limit that was hit.</summary>
/// <param name="Code"><c>143103</c>, <c>143104</c>: too many a minute (of the app, of the organisation); <c>143105</c>: too many a day for a person; <c>143106</c>: the same text twice a day; others.</param>
/// <param name="Count">How often.</param>
/// <param name="Userid">For whom.</param>
public sealed record WorkNoticeLimit(string? Code, long? Count, string? Userid);
