namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>What CardKit's refusals mean for a card that is being written. Source: the error lists of the cardkit-v1 API pages.</summary>
internal static class CardKitCodes
{
    private const int NoScope = 99991672;
    private const int NotServed = 99991201;

    /// <summary>The app may not use CardKit, or it is not served here: asked again later, since an administrator may grant it.</summary>
    public static bool IsUnavailable(FeishuApiException refused) =>
        refused.Code is NoScope or NotServed || refused.HttpStatus is 404 or 405 or 501 || (refused.FailureKind == FailureKind.Permission && refused.Code is not 300311);

    /// <summary>Streaming mode was closed: by itself ten minutes after it began (200850, 200510), or by somebody (300309). It can be opened again.</summary>
    public static bool IsClosed(int code) => code is 200850 or 200510 or 300309;

    /// <summary>The number is not above the last one that the card has seen.</summary>
    public static bool IsSequence(int code) => code == 300317;

    /// <summary>Too fast, a click that is being answered, a stumble of the platform, or a key that was used (200770): another try will do.</summary>
    public static bool IsPassing(FeishuApiException refused) => refused.IsTransient || refused.Code is 200770;

    /// <summary>The text is too large for the card.</summary>
    public static bool IsTooLarge(int code) => code is 200860 or 230025 or 300305;

    /// <summary>The message is not there any more: recalled (230011), deleted (230110), or its chat was dissolved (232009).</summary>
    public static bool IsWithdrawn(int code) => code is 230011 or 230110 or 232009;
}
