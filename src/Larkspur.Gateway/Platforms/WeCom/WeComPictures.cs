using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.WeCom;
using Larkspur.WeCom.Media;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>
/// Pictures of answers in WeCom. What an AI bot uploads over its long connection the bot sends; without one the application sends it to the
/// person, where there is an application. A group that has neither shows none.
/// </summary>
internal sealed class WeComPictures(WeComApps apps, WeComSending sending, IOutbox outbox)
{
    /// <summary>Before a key that the bot has; others are the application's.</summary>
    private const string OfBot = "bot:";

    /// <returns>The media's key at the platform, good for 3 days; null: there is no way.</returns>
    /// <exception cref="ChannelException">It is refused, or the platform does not answer.</exception>
    public async Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation)
    {
        var app = apps.Get(request.App);
        var to = WeComReplyTo.Read(request.Reply);
        var file = new WeComFile(picture.Name, picture.Bytes);
        UploadedMedia? media = null;
        if (to.IsBot && app.Bot is { IsConnected: true } bot)
        {
            await sending.CountAsync(app, "aibot_upload_media",
                async () => media = await bot.Connection.UploadAsync(MediaKind.Image, file, cancellation));
            return OfBot + media!.MediaId;
        }

        if (to.IsGroup || app.Client is not { } client) return to.IsBot && app.Bot is not null ? throw WeComSending.NotConnected() : null;
        await sending.CountAsync(app, "media.upload",
            async () => media = await client.Media.UploadAsync(MediaKind.Image, file, cancellation));
        return media!.MediaId;
    }

    /// <summary>Makes the rows that show them after the answer.</summary>
    public async ValueTask QueueAsync(IUnitOfWork unit, AnswerRequest request, WeComReplyTo to, IReadOnlyList<string> pictures)
    {
        for (var i = 0; i < pictures.Count; i++)
        {
            var isOfBot = pictures[i].StartsWith(OfBot, StringComparison.Ordinal);
            var where = isOfBot || !to.IsBot ? to : new WeComReplyTo(WeComReplyTo.UserId, to.Target);
            var message = new WeComMessage { MediaId = isOfBot ? pictures[i][OfBot.Length..] : pictures[i] };
            await outbox.QueueAsync(unit, new QueuedMessage(WeComApps.Platform, request.App, AnswerPicture.KeyOf(request.Turn, i),
                message.To(where, request.App, WeComMessage.Image, AnswerPicture.Operation)) { Reference = request.Reference });
        }
    }
}
