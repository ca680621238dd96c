using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Docx = Larkspur.Feishu.Api.Docx;
using Drive = Larkspur.Feishu.Api.Drive;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>
/// Makes a document, fills it, gives it to the person. Every step is noted, and every call with blocks has a <c>client_token</c> that follows from the key: an attempt that
/// broke off anywhere is taken up by the next one, and nothing stands in the document twice.
/// </summary>
/// <remarks>Making the document has no such token: when the answer to that call is lost, an empty document that nobody was given stays in the app's own space.</remarks>
internal sealed partial class DocumentSaver(PlatformCalls calls, SavedStore store, DocumentOptions options, TimeProvider clock,
    ILogger<DocumentSaver> logger)
{
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1, 1))];

    /// <inheritdoc cref="IDocuments.SaveAsync"/>
    public async Task<SavedDocument> SaveAsync(FeishuApp app, NewDocument document, CancellationToken cancellation)
    {
        Check(document);
        var title = TitleOf(document.Title);
        var id = Hash(app.Client.Options.AppId, document.Key);
        using var end = new CancellationTokenSource(options.SaveTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, end.Token);
        var turn = _turns[(uint)id.GetHashCode(StringComparison.Ordinal) % _turns.Length];
        try
        {
            await turn.WaitAsync(both.Token);
            try
            {
                return await SaveAsync(app, document, title, id, both.Token);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The document was not saved within {options.SaveTimeout}.");
        }
    }

    private async Task<SavedDocument> SaveAsync(FeishuApp app, NewDocument document, string title, string id, CancellationToken cancellation)
    {
        var digest = Hash(title, document.Markdown, document.OwnerOpenId);
        var row = await store.FindAsync(id, cancellation) ?? await store.AddAsync(new SavedRow(id, app.Name, digest, await CreateAsync(app, title, cancellation), title, 0, null, clock.GetUtcNow()), cancellation);
        if (row.Digest != digest) throw new ArgumentException("This key was used for another document.", nameof(document));
        if (row.Address is { } known) return new SavedDocument(row.DocumentId, known, row.Title);

        var bodies = BlockBatches.Of(MarkdownBlocks.Of(document.Markdown)).ToArray();
        for (var i = row.Written; i < bodies.Length; i++)
        {
            await WriteAsync(app, row.DocumentId, bodies[i], TokenOf(id, i), cancellation);
            await store.WrittenAsync(id, i + 1, cancellation);
        }

        await GiveAsync(app, row.DocumentId, document.OwnerOpenId, cancellation);
        var address = await AddressAsync(app, row.DocumentId, cancellation);
        await store.FinishAsync(id, address, cancellation);
        return new SavedDocument(row.DocumentId, address, row.Title);
    }

    private async Task<string> CreateAsync(FeishuApp app, string title, CancellationToken cancellation)
    {
        var made = await app.Client.Docx.V1.Document.CreateAsync(new() { Title = title }, calls.Call(app, Docx.V1.Endpoints.DocumentCreate), cancellation);
        return made.Document?.DocumentId is { Length: > 0 } id ? id : throw new FeishuApiException("The platform made a document and did not say which.");
    }

    private async Task WriteAsync(FeishuApp app, string documentId, JsonObject body, string token, CancellationToken cancellation)
    {
        var request = new FeishuRequest(Docx.V1.Endpoints.DocumentBlockDescendantCreate) { Body = body, IdempotencyKey = token }
            .WithPath("document_id", documentId).WithPath("block_id", documentId).WithQuery("document_revision_id", "-1").WithQuery("client_token", token);
        await app.Client.SendAsync<JsonElement>(request, calls.Call(app, Docx.V1.Endpoints.DocumentBlockDescendantCreate), cancellation);
    }

    private async Task GiveAsync(FeishuApp app, string documentId, string openId, CancellationToken cancellation) => await app.Client.Drive.V1.Permission.Member.CreateAsync(new()
    {
        Token = documentId, TypeInQuery = "docx", MemberType = "openid", MemberId = openId, Perm = "full_access", Type = "user",
    }, calls.Call(app, Drive.V1.Endpoints.PermissionMemberCreate), cancellation);

    /// <summary>The tenant's own address; without the scope for it the platform's, which leads there.</summary>
    private async Task<string> AddressAsync(FeishuApp app, string documentId, CancellationToken cancellation)
    {
        try
        {
            var answer = await app.Client.Drive.V1.Meta.BatchQueryAsync(new() { RequestDocs = [new() { DocToken = documentId, DocType = "docx" }], WithUrl = true },
                calls.Call(app, Drive.V1.Endpoints.MetaBatchQuery), cancellation);
            if (answer.Metas is [{ Url: { Length: > 0 } url }] && Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return url;
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            AddressUnknown(e.Message);
        }

        return $"https://{(app.Client.Options.Brand == FeishuBrand.Lark ? "www.larksuite.com" : "www.feishu.cn")}/docx/{documentId}";
    }

    private static void Check(NewDocument document)
    {
        if (string.IsNullOrWhiteSpace(document.Title)) throw new ArgumentException("A document needs a title.", nameof(document));
        if (document.Markdown.Length > NewDocument.MaxLength) throw new ArgumentException($"A document has at most {NewDocument.MaxLength} characters.", nameof(document));
        if (document.Key.Length is 0 or > NewDocument.MaxKey) throw new ArgumentException($"A key has 1 to {NewDocument.MaxKey} characters.", nameof(document));
        if (document.OwnerOpenId.Length == 0) throw new ArgumentException("A document is somebody's.", nameof(document));
    }

    private static string TitleOf(string title)
    {
        var line = string.Join(' ', title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= NewDocument.MaxTitle) return line;
        return line[..(char.IsHighSurrogate(line[NewDocument.MaxTitle - 1]) ? NewDocument.MaxTitle - 1 : NewDocument.MaxTitle)];
    }

    private static string Hash(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Select(p => p.Length.ToString(CultureInfo.InvariantCulture) + ":" + p)))));

    /// <summary>A UUID of version 4, as the platform wants it, that is the same for each attempt.</summary>
    private static string TokenOf(string id, int call)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{id}/{call}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    [LoggerMessage(LogLevel.Information, "The address of a saved document is not to be had: {Reason}")]
    private partial void AddressUnknown(string reason);
}
