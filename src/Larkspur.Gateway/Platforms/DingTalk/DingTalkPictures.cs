using System.Text.Json;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Media;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>
/// Pictures of answers on DingTalk, by the robot to the group or the person: a session webhook takes none, so with people from outside, who
/// have nothing else, there is no way.
/// </summary>
internal sealed class DingTalkPictures(DingTalkApps apps, DingTalkMonth month, DingTalkFailures failures, IOutbox outbox)
{
    private static readonly DingTalkCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(25) };

    /// <returns>The media's id at the platform; null: there is no way.</returns>
    /// <exception cref="ChannelException">It is refused, or the platform does not answer.</exception>
    public async Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation)
    {
        if (request.Reply.TargetType == DingTalkAddress.Session) return null;
        var app = apps.Get(request.App);
        if (!month.MayTry(app)) throw failures.Quota();
        try
        {
            using var content = new MemoryStream(picture.Bytes, writable: false);
            return await app.Client.Media.UploadAsync(
                MediaKind.Image, new DingTalkFile(content, picture.Name, picture.ContentType), Call, cancellation);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or ArgumentException)
        {
            throw failures.Of(app, e);
        }
    }

    /// <summary>Makes the rows that show them after the answer.</summary>
    public async ValueTask QueueAsync(IUnitOfWork unit, AnswerRequest request, IReadOnlyList<string> pictures)
    {
        for (var i = 0; i < pictures.Count; i++)
        {
            var (to, row) = (request.Reply, new DingTalkRow { Text = "", Picture = pictures[i] });
            var message = new OutboxMessage
            {
                Platform = DingTalkApps.Platform, Operation = AnswerPicture.Operation, Lane = to.Lane, TargetType = to.TargetType,
                Target = to.Target, MessageType = DingTalkRow.Image, Content = JsonSerializer.Serialize(row, RowJson.Options),
                Priority = OutboxPriority.Answer,
            };
            var key = AnswerPicture.KeyOf(request.Turn, i);
            var queued = new QueuedMessage(DingTalkApps.Platform, request.App, key, message) { Reference = request.Reference };
            await outbox.QueueAsync(unit, queued);
        }
    }
}
