using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Documents.Rights;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>A document read with the person's own token: the platform itself says whether they may. Nothing of it is remembered, so that
/// what was taken back ends at once.</summary>
internal sealed partial class OwnReadings(PersonCalls calls, DocumentText text, DocumentOptions options, TimeProvider clock,
    ILogger<OwnReadings> logger)
{
    /// <inheritdoc cref="IDocuments.ReadInNameAsync"/>
    public async Task<DocumentReading> ReadAsync(FeishuApp app, DocumentLink link, UserAuthorization given, CancellationToken cancellation)
    {
        using var end = new CancellationTokenSource(options.ReadTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, end.Token);
        try
        {
            if (await LinkedFiles.FindAsync(link, Send) is not { } file) return DocumentReading.Refused(DocumentOutcome.Unsupported);
            return await text.ReadAsync(file.DocumentId, Send);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return DocumentReading.Refused(DocumentOutcome.Unavailable);
        }
        catch (Exception e) when (DocumentFailures.IsOutcome(e))
        {
            NotRead(app.Name, e.Message);
            // It is the person who may not: the app was not asked.
            return DocumentReading.Refused(DocumentFailures.Of(e) is DocumentOutcome.NotAllowedForApp ? DocumentOutcome.NotAllowedForPerson
                : DocumentFailures.Of(e));
        }

        Task<JsonElement> Send(FeishuRequest request) => calls.CallAsync(app, given, request.Endpoint,
            call => app.Client.SendAsync<JsonElement>(request, call, both.Token), both.Token);
    }

    [LoggerMessage(LogLevel.Information, "A document was not read in its reader's own name by the app {App}: {Reason}")]
    private partial void NotRead(string app, string reason);
}
