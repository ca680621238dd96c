using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Documents.Links;
using Larkspur.Gateway.Documents.Reading;
using Larkspur.Gateway.Documents.Saving;

namespace Larkspur.Gateway.Documents;

/// <inheritdoc/>
internal sealed class FeishuDocuments(DocumentLinks links, DocumentReadings readings, DocumentSaver saver) : IDocuments
{
    /// <inheritdoc/>
    public IReadOnlyList<DocumentLink> FindLinks(string text) => links.Find(text);

    /// <inheritdoc/>
    public Task<DocumentReading> ReadAsync(FeishuApp app, DocumentLink link, DocumentReader who, CancellationToken cancellation) => readings.ReadAsync(app, link, who, cancellation);

    /// <inheritdoc/>
    public Task<SavedDocument> SaveAsync(FeishuApp app, NewDocument document, CancellationToken cancellation) => saver.SaveAsync(app, document, cancellation);
}
