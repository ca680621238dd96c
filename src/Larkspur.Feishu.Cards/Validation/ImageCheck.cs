namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Images must be uploaded first; a card names them by the key that the upload gave.</summary>
internal static class ImageCheck
{
    private const string Remedy = "Upload the picture first (POST /open-apis/im/v1/images, image_type message) and use the key that comes back.";

    public static void Key(CardInspection c, string key)
    {
        if (key.Length == 0) c.Error(CardRules.ImageNotUploaded, "The image key is empty.", Remedy);
        else if (c.Options.KnownImageKeys is { } known && !known.Contains(key)) c.Error(CardRules.ImageNotUploaded, $"{CardInspection.Quote(key)} was not uploaded by this app.", Remedy);
        else if (key.AsSpan().IndexOfAny("/\\:. ") >= 0) c.Error(CardRules.ImageNotUploaded, $"{CardInspection.Quote(key)} is an address or a path, not the key of an image.", Remedy);

        // Keys of the first years are bare UUIDs and still work.
        else if (!key.StartsWith("img_", StringComparison.Ordinal) && !Guid.TryParse(key.AsSpan(0, Math.Min(key.Length, 36)), out _))
        {
            c.Warn(CardRules.ImageNotUploaded, $"{CardInspection.Quote(key)} does not look like the key of an image, which begins with img_.", Remedy);
        }
    }
}
