using Larkspur.Gateway.Conversations;
using Larkspur.WeCom;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Reads files that people sent: an application's by media id (3 days), an AI bot's at its address (5 minutes).</summary>
internal sealed class WeComAttachments(WeComApps apps, BotFileSeals seals, BotFiles botFiles)
{
    private const string Media = "media:";
    private const string Bot = "bot:";

    /// <summary>A file of an application's message.</summary>
    public static UnifiedAttachment OfApplication(string kind, string mediaId) => new(kind, Media + mediaId, null);

    /// <summary>A file of a bot's message, as it is sealed.</summary>
    public static UnifiedAttachment OfBot(string kind, string seal) => new(kind, Bot + seal, null);

    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public async Task<AttachmentFacts> ReadAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation)
    {
        if (!apps.TryGet(app, out var configured)) throw new AttachmentException(AttachmentTrouble.NotAllowed, $"The app {app} is not configured any more.");
        if (attachment.Key.StartsWith(Bot, StringComparison.Ordinal))
        {
            var media = seals.Open(attachment.Key[Bot.Length..]) ?? throw new AttachmentException(AttachmentTrouble.Expired, "The file's address cannot be opened any more.");
            return await botFiles.ReadAsync(configured, media, into, maxBytes, cancellation);
        }

        if (!attachment.Key.StartsWith(Media, StringComparison.Ordinal) || configured.Client is not { } client) throw new AttachmentException(AttachmentTrouble.Gone, "The key is none of a message's file.");
        return await ReadMediaAsync(client, attachment, into, maxBytes, cancellation);
    }

    private static async Task<AttachmentFacts> ReadMediaAsync(WeComClient client, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation)
    {
        try
        {
            using var file = await client.Media.DownloadAsync(attachment.Key[Media.Length..], cancellation);
            if (file.Length > maxBytes) throw AttachmentCopy.TooLarge(maxBytes);
            await AttachmentCopy.CopyAsync(file.Content, into, maxBytes, cancellation);
            return new AttachmentFacts(attachment.Name ?? file.FileName, file.ContentType);
        }
        catch (WeComApiException e)
        {
            // 40007: wrong or older than three days, which the platform does not tell apart.
            throw new AttachmentException(e.Code == 40007 ? AttachmentTrouble.Expired : e.FailureKind == FailureKind.Permission ? AttachmentTrouble.NotAllowed : AttachmentTrouble.Unavailable, e.Message, e);
        }
        catch (PlatformNetworkException e)
        {
            throw new AttachmentException(AttachmentTrouble.Unavailable, e.Message, e);
        }
    }
}
