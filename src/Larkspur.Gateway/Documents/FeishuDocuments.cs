using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Documents.Links;
using Larkspur.Gateway.Documents.Reading;
using Larkspur.Gateway.Documents.Saving;

namespace Larkspur.Gateway.Documents;

/// <inheritdoc/>
internal sealed class FeishuDocuments(DocumentLinks links, DocumentReadings readings, OwnReadings own, DocumentSaver saver) : IDocuments
{
    /// <inheritdoc/>
    public IReadOnlyList<DocumentLink> FindLinks(string text) => links.Find(text);

    /// <inheritdoc/>
    public Task<DocumentReading> ReadAsync(FeishuApp app, DocumentLink link, DocumentReader who, CancellationToken cancellation) => readings.ReadAsync(app, link, who, cancellation);

    /// <inheritdoc/>
    public IReadOnlyList<string> ScopesFor(IEnumerable<DocumentLink> links) =>
        links.Any(l => l.Kind == DocumentKind.Wiki) ? ["docx:document:readonly", "wiki:node:read"] : ["docx:document:readonly"];

    /// <inheritdoc/>
    public Task<DocumentReading> ReadInNameAsync(FeishuApp app, DocumentLink link, UserAuthorization given,
        CancellationToken cancellation) => own.ReadAsync(app, link, given, cancellation);

    /// <inheritdoc/>
    public Task<SavedDocument> SaveAsync(FeishuApp app, NewDocument document, CancellationToken cancellation) => saver.SaveAsync(app, document, cancellation);
}
