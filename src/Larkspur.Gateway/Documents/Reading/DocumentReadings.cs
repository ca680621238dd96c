using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Documents.Rights;
using Wiki = Larkspur.Feishu.Api.Wiki;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>A document for a person: which it is, whether the person may, and only then what it says.</summary>
internal sealed partial class DocumentReadings(PlatformCalls calls, ReadingRight right, DocumentText text, ReadCache cache,
    DocumentOptions options, TimeProvider clock, ILogger<DocumentReadings> logger)
{
    /// <inheritdoc cref="IDocuments.ReadAsync"/>
    public Task<DocumentReading> ReadAsync(FeishuApp app, DocumentLink link, DocumentReader who, CancellationToken cancellation) =>
        cache.GetAsync(app.Client.Options.AppId, who, link, () => ReadInTimeAsync(app, link, who), cancellation);

    private async Task<DocumentReading> ReadInTimeAsync(FeishuApp app, DocumentLink link, DocumentReader who)
    {
        using var end = new CancellationTokenSource(options.ReadTimeout, clock);
        try
        {
            return await ReadForAsync(app, link, who, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            ReadingTimedOut(app.Name, options.ReadTimeout);
            return DocumentReading.Refused(DocumentOutcome.Unavailable);
        }
        catch (Exception e) when (DocumentFailures.IsOutcome(e))
        {
            var outcome = DocumentFailures.Of(e);
            if (outcome is not DocumentOutcome.NotFound) DocumentNotRead(outcome, app.Name, e.Message);
            return DocumentReading.Refused(outcome);
        }
    }

    private async Task<DocumentReading> ReadForAsync(FeishuApp app, DocumentLink link, DocumentReader who, CancellationToken cancellation)
    {
        if (await FileAsync(app, link, cancellation) is not { } file) return DocumentReading.Refused(DocumentOutcome.Unsupported);
        var verdict = await right.AskAsync(app, file, who, cancellation);
        if (verdict == Verdict.AppMayNotAsk)
            ReadersUnknown(app.Name);
        return verdict switch
        {
            Verdict.Yes => await text.ReadAsync(file.DocumentId, request => app.Client.SendAsync<JsonElement>(request,
                calls.Call(app, request.Endpoint), cancellation)),
            Verdict.No => DocumentReading.Refused(DocumentOutcome.NotAllowedForPerson),
            _ => DocumentReading.Refused(DocumentOutcome.NotAllowedForApp),
        };
    }

    private async Task<DocumentFile?> FileAsync(FeishuApp app, DocumentLink link, CancellationToken cancellation) =>
        await LinkedFiles.FindAsync(link, request => app.Client.SendAsync<JsonElement>(request, calls.Call(app, request.Endpoint),
            cancellation));

    [LoggerMessage(LogLevel.Warning, "A document was not read: the platform did not answer the app {App} within {Time}")]
    private partial void ReadingTimedOut(string app, TimeSpan time);
    [LoggerMessage(LogLevel.Warning, "A document was not read ({Outcome}) by the app {App}: {Reason}")]
    private partial void DocumentNotRead(DocumentOutcome outcome, string app, string reason);
    [LoggerMessage(LogLevel.Warning, "A document was not read: the app {App} may not see who else may read it. Add the app to the "
        + "document, and grant the scopes of docs/documents.md")]
    private partial void ReadersUnknown(string app);
}
