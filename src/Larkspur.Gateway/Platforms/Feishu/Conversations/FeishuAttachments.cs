using Larkspur.Feishu;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>Pictures and files of Feishu's messages: found in the content, read as resources of the message.</summary>
internal sealed class FeishuAttachments(FeishuApps apps)
{
    private const int Most = 20;

    /// <summary>What comes with a message; nothing for kinds that nobody can download.</summary>
    public static IReadOnlyList<UnifiedAttachment> Of(EventMessage message) =>
        message is { MessageId: { } id, MessageType: { } type } ? Of(id, ReceivedContent.Parse(type, message.Content)) : [];

    /// <inheritdoc cref="Of(EventMessage)"/>
    public static IReadOnlyList<UnifiedAttachment> Of(string id, ReceivedContent content)
    {
        UnifiedAttachment Picture(string key) => new("image", $"{id}/image/{key}", null);
        UnifiedAttachment File(string kind, string key, string? name) => new(kind, $"{id}/file/{key}", string.IsNullOrEmpty(name) ? null : name);
        return content switch
        {
            ReceivedImage image => [Picture(image.ImageKey)],
            ReceivedFile { IsFolder: false } file => [File("file", file.FileKey, file.FileName)],
            ReceivedAudio audio => [File("audio", audio.FileKey, null)],
            ReceivedMedia video => [File("video", video.FileKey, video.FileName)],
            ReceivedPost post => [.. post.Paragraphs.SelectMany(p => p).Select(part => part switch
            {
                { Tag: "img", ImageKey: { } image } => Picture(image),
                { Tag: "media", FileKey: { } video } => File("video", video, null),
                _ => null,
            }).OfType<UnifiedAttachment>().Take(Most)],
            _ => [],
        };
    }

    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public async Task<AttachmentFacts> ReadAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation)
    {
        if (attachment.Key.Split('/') is not [var message, ("image" or "file") and var type, var key]) throw new AttachmentException(AttachmentTrouble.Gone, "The key is none of a message's resource.");
        if (!apps.TryGet(app, out var configured)) throw new AttachmentException(AttachmentTrouble.NotAllowed, $"The app {app} is not configured any more.");
        try
        {
            await using var file = await configured.Client.Messages.DownloadResourceAsync(message, key, type, cancellationToken: cancellation);
            if (file.Length > maxBytes) throw AttachmentCopy.TooLarge(maxBytes);
            await AttachmentCopy.CopyAsync(file.Content, into, maxBytes, cancellation);
            return new AttachmentFacts(attachment.Name ?? file.FileName, file.ContentType);
        }
        catch (FeishuApiException e)
        {
            throw new AttachmentException(TroubleOf(e), e.Message, e);
        }
        catch (PlatformNetworkException e)
        {
            throw new AttachmentException(AttachmentTrouble.Unavailable, e.Message, e);
        }
        catch (Exception e) when (e is ArgumentException or MessageContentException)
        {
            throw new AttachmentException(AttachmentTrouble.Gone, "The key is none of a message's resource.", e);
        }
    }

    private static AttachmentTrouble TroubleOf(FeishuApiException e) => e.Code switch
    {
        230110 or 234001 or 234003 => AttachmentTrouble.Gone,
        234004 or 234009 or 234019 or 234038 or 234040 => AttachmentTrouble.NotAllowed,
        234006 or 234037 => AttachmentTrouble.TooLarge,
        _ => e.FailureKind is FailureKind.Permission ? AttachmentTrouble.NotAllowed : AttachmentTrouble.Unavailable,
    };
}
