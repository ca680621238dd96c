using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Assistant.Pictures;

/// <summary>
/// Pictures that a backend has made for an answer: fetched once the answer is whole, and given to the chat's platform before it ends. What
/// cannot be shown stays a link, with the reason.
/// </summary>
internal sealed partial class MadePictures(
    PictureDownload download, AssistantMetrics metrics, TimeProvider clock, ILogger<MadePictures> logger) : IDisposable
{
    private const int MostOfAnswer = 5;

    /// <summary>A picture is in memory as a whole until the platform has it: this many at once.</summary>
    private const int MostInMemory = 8;

    /// <summary>For all pictures of an answer: its reader has all of the words, and waits for its end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _memory = new(MostInMemory);

    /// <summary>Gives them to the platform.</summary>
    /// <param name="turn">Whose answer they belong to.</param>
    /// <param name="backend">Who made them.</param>
    /// <param name="made">What it told of them.</param>
    /// <param name="channel">The chat's platform.</param>
    /// <param name="request">What the answer was begun with.</param>
    /// <param name="cancellation">The answer is not wanted any more.</param>
    public async Task<GivenPictures> GiveAsync(Turn turn, BackendOptions backend, IReadOnlyList<AssistantAttachment> made,
        IConversationChannel channel, AnswerRequest request, CancellationToken cancellation)
    {
        if (made.Count == 0) return GivenPictures.None;
        using var time = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        var (shown, lines) = (new List<string>(), new List<string>());
        foreach (var picture in made)
        {
            var address = PictureAddress.Of(backend, picture.Url);
            try
            {
                if (shown.Count == MostOfAnswer) throw new PictureException(PictureTroubles.TooMany, "The answer shows enough pictures.");
                shown.Add(await GiveAsync(address, channel, request, either.Token));
                metrics.PictureMade(turn.Platform, "shown");
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                lines.Add(Linked(new PictureException(PictureTroubles.Unavailable, $"It was not there within {Patience}.", e), address));
            }
            catch (PictureException e)
            {
                lines.Add(Linked(e, address));
            }
        }

        return new GivenPictures(shown, lines);

        string Linked(PictureException trouble, PictureAddress? address)
        {
            PictureNotShown(turn.Id, trouble.Why, trouble.InnerException is ChannelException e ? e.Message : trouble.Message);
            metrics.PictureMade(turn.Platform, trouble.Why);
            var words = PictureTexts.NotShown(PictureTexts.FindWhy(trouble.Why)!.In(turn.Language)).In(turn.Language);
            return address is { CanBeLinked: true } ? $"{words} [{PictureTexts.Link.In(turn.Language)}]({address.Link})" : words;
        }
    }

    public void Dispose() => _memory.Dispose();

    /// <exception cref="PictureException">It cannot be shown.</exception>
    private async Task<string> GiveAsync(
        PictureAddress? address, IConversationChannel channel, AnswerRequest request, CancellationToken cancellation)
    {
        if (address is null) throw new PictureException(PictureTroubles.NotAllowed, "The picture has no address of the web.");
        await _memory.WaitAsync(cancellation);
        try
        {
            var picture = await download.FetchAsync(address, cancellation);
            return await channel.UploadAsync(request, picture, cancellation)
                ?? throw new PictureException(PictureTroubles.NoWay, "There is no way to send a picture in this conversation.");
        }
        catch (ChannelException e)
        {
            var why = e.Transient ? PictureTroubles.Unavailable : PictureTroubles.Refused;
            throw new PictureException(why, "The platform did not take it.", e);
        }
        finally
        {
            _memory.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "A picture of turn {TurnId} is not shown ({Why}): {Reason}")]
    private partial void PictureNotShown(long turnId, string why, string reason);
}

/// <summary>What became of an answer's pictures.</summary>
/// <param name="Shown">Those that are shown, as the channel named them.</param>
/// <param name="Lines">What the answer says of the others, Markdown.</param>
internal sealed record GivenPictures(IReadOnlyList<string> Shown, IReadOnlyList<string> Lines)
{
    /// <summary>The answer has none.</summary>
    public static GivenPictures None { get; } = new([], []);
}
