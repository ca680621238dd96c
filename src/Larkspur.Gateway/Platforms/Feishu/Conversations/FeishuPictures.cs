using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>Pictures of answers in Feishu: uploaded before the answer ends, and sent as messages after it.</summary>
internal sealed class FeishuPictures(FeishuApps apps, IQuota quota)
{
    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(25) };

    /// <returns>The picture's key at the platform.</returns>
    /// <exception cref="ChannelException">It is refused, or the platform does not answer.</exception>
    public async Task<string?> UploadAsync(AnswerRequest request, AnswerPicture picture, CancellationToken cancellation)
    {
        if (!apps.TryGet(request.App, out var app))
            throw new ChannelException("app_not_configured", $"The app \"{request.App}\" is not there now.", transient: true);
        if (!quota.MayTry(request.App, Endpoints.ImageCreate.Id))
            throw new ChannelException("quota", "The app's calls of this month are used up.", transient: true);
        try
        {
            using var content = new MemoryStream(picture.Bytes, writable: false);
            return await app.Client.Uploads.ImageAsync(content, picture.Name, options: Call, cancellationToken: cancellation);
        }
        catch (UploadRefusedException e)
        {
            throw new ChannelException("refused_here", e.Message, transient: false, e);
        }
        catch (PlatformApiException e)
        {
            var reason = $"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}";
            throw new ChannelException(reason, e.Message, e.IsTransient, e) { Code = e.Code };
        }
        catch (PlatformNetworkException e)
        {
            throw new ChannelException(e.TimedOut ? "timed_out" : "no_connection", e.Message, transient: true, e);
        }
    }

    /// <summary>The row that shows one where the answer is.</summary>
    public static OutboxMessage Message(ReplyAddress to, string key) => new()
    {
        Operation = AnswerPicture.Operation, Lane = to.Lane, TargetType = to.TargetType, Target = to.Target, InThread = to.InThread,
        MessageType = "image", Content = JsonSerializer.Serialize(new { image_key = key }), Priority = OutboxPriority.Answer,
    };
}
