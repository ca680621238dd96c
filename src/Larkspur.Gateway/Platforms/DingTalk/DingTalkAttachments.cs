using Larkspur.DingTalk;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Reads files that people sent to the robot, by their download codes: a code is good for this robot alone.</summary>
internal sealed class DingTalkAttachments(DingTalkApps apps)
{
    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public async Task<AttachmentFacts> ReadAsync(string app, UnifiedAttachment attachment, Stream into, long maxBytes, CancellationToken cancellation)
    {
        if (!apps.TryGet(app, out var configured)) throw new AttachmentException(AttachmentTrouble.NotAllowed, $"The app {app} is not configured any more.");
        try
        {
            await configured.Client.Robot.DownloadAsync(attachment.Key, into, maxBytes, cancellation);
            return new AttachmentFacts(attachment.Name, null);
        }
        catch (DingTalkApiException e)
        {
            throw new AttachmentException(TroubleOf(e), e.Message, e);
        }
        catch (PlatformNetworkException e)
        {
            throw new AttachmentException(AttachmentTrouble.Unavailable, e.Message, e);
        }
    }

    /// <summary>The platform names no time after which a code ends (UNVERIFIED): what is not found has expired, as a rule.</summary>
    private static AttachmentTrouble TroubleOf(DingTalkApiException e) => e.FailureKind switch
    {
        // The only refusal of an answer that was good: it was larger than asked for.
        FailureKind.Invalid when e.HttpStatus is 200 => AttachmentTrouble.TooLarge,
        FailureKind.NotFound or FailureKind.Invalid => AttachmentTrouble.Expired,
        FailureKind.Permission => AttachmentTrouble.NotAllowed,
        _ => AttachmentTrouble.Unavailable,
    };
}
