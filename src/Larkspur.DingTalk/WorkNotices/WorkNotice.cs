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

    /// <summary>Any other kind, as the platform describes it.</summary>
    /// <param name="kind"><c>msgtype</c>: <c>oa</c>, <c>image</c>, <c>voice</c>, <c>file</c>, …</param>
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
/// <param name="Code"><c>143103</c> to <c>143106</c> and others: the same text twice a day, 500 a day for a person, 5 000 people a minute, …</param>
/// <param name="Count">How often.</param>
/// <param name="Userid">For whom.</param>
public sealed record WorkNoticeLimit(string? Code, long? Count, string? Userid);
