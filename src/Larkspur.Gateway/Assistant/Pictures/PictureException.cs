namespace Larkspur.Gateway.Assistant.Pictures;

/// <summary>A picture that a backend made cannot be shown. The text is for logs; it holds no address.</summary>
/// <param name="why">A word of <see cref="PictureTroubles"/>.</param>
/// <param name="message">What happened.</param>
/// <param name="inner">The cause.</param>
internal sealed class PictureException(string why, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A word of <see cref="PictureTroubles"/>.</summary>
    public string Why { get; } = why;
}

/// <summary>Words for why a picture is not shown: metrics have them, and <c>PictureTexts.json</c> what they mean.</summary>
internal static class PictureTroubles
{
    /// <summary>Nobody answers, or not in time.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>It has more bytes than are taken.</summary>
    public const string TooLarge = "too_large";

    /// <summary>Its bytes are no picture's, whatever is said of it.</summary>
    public const string NoPicture = "no_picture";

    /// <summary>Its address is not one that may be called.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>The chat's platform did not take it.</summary>
    public const string Refused = "refused";

    /// <summary>There is no way to send one in this conversation.</summary>
    public const string NoWay = "no_way";

    /// <summary>The answer has shown enough of them.</summary>
    public const string TooMany = "too_many";
}
