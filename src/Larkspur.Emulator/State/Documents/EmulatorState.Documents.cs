using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.State;

/// <summary>Documents and the wiki.</summary>
public sealed partial class EmulatorState
{
    public const int MostDocuments = 2_000;
    public const int MostWikiSpaces = 200;

    private readonly Dictionary<string, CloudDocument> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WikiSpace> _wikiSpaces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WikiNode> _wikiNodes = new(StringComparer.Ordinal);

    public IReadOnlyList<CloudDocument> Documents { get { lock (_gate) return [.. _documents.Values.OrderBy(d => d.CreateTime).ThenBy(d => d.Token, StringComparer.Ordinal)]; } }

    public IReadOnlyList<WikiNode> WikiNodes { get { lock (_gate) return [.. _wikiNodes.Values]; } }

    public CloudDocument? Document(string token) { lock (_gate) return _documents.GetValueOrDefault(token); }

    public WikiSpace? WikiSpace(string spaceId) { lock (_gate) return _wikiSpaces.GetValueOrDefault(spaceId); }

    public WikiNode? WikiNode(string nodeToken) { lock (_gate) return _wikiNodes.GetValueOrDefault(nodeToken); }

    /// <returns>False when there are too many already.</returns>
    public bool Put(CloudDocument document)
    {
        lock (_gate)
        {
            if (_documents.Count >= MostDocuments && !_documents.ContainsKey(document.Token)) return false;
            _documents[document.Token] = document;
            return true;
        }
    }

    /// <summary>Changes a document; the change is of the document as it is at that moment, and may refuse by throwing.</summary>
    /// <returns>The document from now on; null: there is none.</returns>
    public CloudDocument? ChangeDocument(string token, Func<CloudDocument, CloudDocument> change)
    {
        lock (_gate)
        {
            if (!_documents.TryGetValue(token, out var document)) return null;
            return _documents[token] = change(document) with { UpdateTime = Clock.GetUtcNow() };
        }
    }

    /// <returns>False when there are too many already.</returns>
    public bool Put(WikiSpace space)
    {
        lock (_gate)
        {
            if (_wikiSpaces.Count >= MostWikiSpaces && !_wikiSpaces.ContainsKey(space.SpaceId)) return false;
            _wikiSpaces[space.SpaceId] = space;
            return true;
        }
    }

    /// <returns>False when there are too many already.</returns>
    public bool Put(WikiNode node)
    {
        lock (_gate)
        {
            if (_wikiNodes.Count >= MostDocuments && !_wikiNodes.ContainsKey(node.NodeToken)) return false;
            _wikiNodes[node.NodeToken] = node;
            return true;
        }
    }

    private void ForgetDocuments()
    {
        _documents.Clear();
        _wikiSpaces.Clear();
        _wikiNodes.Clear();
    }
}
