using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.Robots;

/// <summary>What the app's robot says: a template of the platform's (<c>msgKey</c>) and its parameters.</summary>
/// <remarks>Source: 02/0714, 02/0699. Buttons are links; for buttons that tell you use a card.</remarks>
public sealed class RobotContent
{
    /// <summary>Most bytes of the parameters as JSON.</summary>
    public const int MaxBytes = 15_000;

    private RobotContent(string key, object parameters)
    {
        Key = key;
        Parameters = JsonSerializer.Serialize(parameters, DingTalkJson.New);
        if (Encoding.UTF8.GetByteCount(Parameters) > MaxBytes) throw new ArgumentException($"A robot's message has at most {MaxBytes} bytes of parameters ({key}); split it.", nameof(parameters));
    }

    /// <summary><c>msgKey</c>.</summary>
    public string Key { get; }

    /// <summary><c>msgParam</c>: JSON as text.</summary>
    public string Parameters { get; }

    /// <summary>Plain text.</summary>
    public static RobotContent Text(string content) => new("sampleText", new { content = Needed(content) });

    /// <summary>Markdown: headings, quotes, bold, italic, links, images, lists. A line break is two blanks and a line feed, or an empty line.</summary>
    /// <param name="title">What the list of conversations shows.</param>
    /// <param name="text">The text.</param>
    public static RobotContent Markdown(string title, string text) => new("sampleMarkdown", new { title = Needed(title), text = Needed(text) });

    /// <summary>A picture, by address or media id.</summary>
    public static RobotContent Image(string photo) => new("sampleImageMsg", new Dictionary<string, string> { ["photoURL"] = Needed(photo) });

    /// <summary>A link with a picture.</summary>
    public static RobotContent Link(string title, string text, string messageUrl, string picUrl)
        => new("sampleLink", new { text = Needed(text), title = Needed(title), picUrl, messageUrl = Needed(messageUrl) });

    /// <summary>Markdown with one to five buttons below each other. Each is a link.</summary>
    /// <exception cref="ArgumentException">There is no button, or there are more than five.</exception>
    public static RobotContent ActionCard(string title, string text, params IReadOnlyList<LinkButton> buttons)
    {
        ArgumentNullException.ThrowIfNull(buttons);
        var parameters = new Dictionary<string, string> { ["title"] = Needed(title), ["text"] = Needed(text) };
        if (buttons.Count is < 1 or > 5) throw new ArgumentException("An action card has one to five buttons.", nameof(buttons));
        if (buttons.Count == 1)
        {
            (parameters["singleTitle"], parameters["singleURL"]) = (buttons[0].Title, buttons[0].Url);
            return new("sampleActionCard", parameters);
        }

        for (int i = 0; i < buttons.Count; i++) (parameters[$"actionTitle{i + 1}"], parameters[$"actionURL{i + 1}"]) = (buttons[i].Title, buttons[i].Url);
        return new($"sampleActionCard{buttons.Count}", parameters);
    }

    /// <summary>Markdown with two buttons beside each other. Each is a link.</summary>
    public static RobotContent ActionCardSideBySide(string title, string text, LinkButton left, LinkButton right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new("sampleActionCard6", new { title = Needed(title), text = Needed(text), buttonTitle1 = left.Title, buttonUrl1 = left.Url, buttonTitle2 = right.Title, buttonUrl2 = right.Url });
    }

    /// <summary>Audio (ogg, amr).</summary>
    /// <param name="mediaId">Of the upload.</param>
    /// <param name="duration">How long it is.</param>
    public static RobotContent Audio(string mediaId, TimeSpan duration)
        => new("sampleAudio", new { mediaId = Needed(mediaId), duration = ((long)duration.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture) });

    /// <summary>A file.</summary>
    /// <param name="mediaId">Of the upload.</param>
    /// <param name="fileName">The name that people see.</param>
    /// <param name="fileType"><c>xlsx</c>, <c>pdf</c>, <c>zip</c>, <c>rar</c>, <c>doc</c>, <c>docx</c>.</param>
    public static RobotContent File(string mediaId, string fileName, string fileType)
        => new("sampleFile", new { mediaId = Needed(mediaId), fileName = Needed(fileName), fileType = Needed(fileType) });

    /// <summary>A video (mp4) with its cover.</summary>
    public static RobotContent Video(string mediaId, string coverMediaId, TimeSpan duration)
        => new("sampleVideo", new
        {
            duration = ((long)duration.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture), videoMediaId = Needed(mediaId), videoType = "mp4", picMediaId = Needed(coverMediaId),
        });

    /// <summary>Any other template.</summary>
    /// <param name="key"><c>msgKey</c>.</param>
    /// <param name="parameters">Becomes the JSON text <c>msgParam</c>.</param>
    public static RobotContent Template(string key, object parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(Needed(key), parameters);
    }

    private static string Needed(string value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, name);
        return value;
    }
}

/// <summary>A button that opens an address.</summary>
/// <param name="Title">What stands on it.</param>
/// <param name="Url">The address.</param>
public sealed record LinkButton(string Title, string Url);
