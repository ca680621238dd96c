namespace Larkspur.DingTalk.SignIn;

/// <summary>The app's ticket for signing pages: one fetch at a time, kept for as long as the platform says.</summary>
/// <remarks>The platform gives the same ticket while it lives and renews it for two hours, for a day in all.</remarks>
internal sealed class JsapiTickets(DingTalkClient client)
{
    private const string Key = "jsapi";

    // A POST that makes nothing that could be there twice.
    private static readonly DingTalkEndpoint Endpoint = new() { Id = "oauth2.jsapi_tickets", Method = HttpMethod.Post, Path = "/v1.0/oauth2/jsapiTickets", OnlyReads = true, IsCounted = false };

    private readonly TokenCache _cache = new(client.Clock) { FetchTimeout = client.Options.CallTimeout + TimeSpan.FromSeconds(5) };

    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
        => (await _cache.GetAsync(Key, this, static (self, ct) => self.FetchAsync(ct), cancellationToken)).Value;

    private async Task<AccessToken> FetchAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset asked = client.Clock.GetUtcNow();
        var answer = await client.SendAsync<TicketAnswer>(new DingTalkRequest(Endpoint), cancellationToken: cancellationToken);
        return answer is { JsapiTicket.Length: > 0, ExpireIn: > 0 and <= 86_400 }
            ? new AccessToken(answer.JsapiTicket, asked.AddSeconds(answer.ExpireIn))
            : throw DingTalkErrorReader.WrongShape(Endpoint.Id, "there is no ticket, or no life time");
    }

    private sealed record TicketAnswer(string? JsapiTicket, long ExpireIn)
    {
        public override string ToString() => $"ticket answer, {ExpireIn} s";
    }
}
