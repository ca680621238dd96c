namespace Larkspur.WeCom.Callbacks;

/// <summary>A person wrote to the app. (Files do not come this way: only an AI bot or customer service receives them.)</summary>
public abstract record MessageReceived : WeComReceived
{
    /// <summary>The platform's 64-bit number.</summary>
    public required string MessageId { get; init; }
}

/// <summary>Text.</summary>
public sealed record TextReceived(string Content) : MessageReceived;

/// <summary>A picture.</summary>
/// <param name="MediaId">For download, 3 days.</param>
/// <param name="PictureUrl">Its address at the platform.</param>
public sealed record ImageReceived(string MediaId, string PictureUrl) : MessageReceived;

/// <summary>A voice message.</summary>
/// <param name="MediaId">For download, 3 days.</param>
/// <param name="Format"><c>amr</c>.</param>
public sealed record VoiceReceived(string MediaId, string Format) : MessageReceived;

/// <summary>A video.</summary>
/// <param name="MediaId">For download, 3 days.</param>
/// <param name="ThumbMediaId">Its picture.</param>
public sealed record VideoReceived(string MediaId, string ThumbMediaId) : MessageReceived;

/// <summary>A place.</summary>
/// <param name="Latitude"><c>Location_X</c>, degrees.</param>
/// <param name="Longitude"><c>Location_Y</c>, degrees.</param>
/// <param name="Scale">Of the map.</param>
/// <param name="Label">Its address in words.</param>
public sealed record LocationReceived(double Latitude, double Longitude, int Scale, string Label) : MessageReceived;

/// <summary>A shared link.</summary>
public sealed record LinkReceived(string Title, string Description, string Url, string PictureUrl) : MessageReceived;
