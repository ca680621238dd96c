using System.Globalization;
using System.Runtime.CompilerServices;

namespace Larkspur.DingTalk.Workflow;

/// <summary>Templates of approvals: makes, changes, reads and lists them. Whom a template is shown to and its own way are set in the console.</summary>
/// <remarks>Source: 02/0491, 0492, 0494. Permissions <c>Workflow.Form.Write</c>, <c>Workflow.Form.Read</c>. Thread-safe.</remarks>
public sealed class DingTalkForms
{
    private const int PageSize = 100;

    private static readonly DingTalkEndpoint Save = new() { Id = "workflow.form.save", Method = HttpMethod.Post, Path = "/v1.0/workflow/forms" };
    internal static readonly DingTalkEndpoint Schema = new() { Id = "workflow.schema", Method = HttpMethod.Get, Path = "/v1.0/workflow/forms/schemas/processCodes" };
    private static readonly DingTalkEndpoint Visible = new() { Id = "workflow.form.list", Method = HttpMethod.Get, Path = "/v1.0/workflow/processes/userVisibilities/templates" };

    private readonly DingTalkClient _client;

    internal DingTalkForms(DingTalkClient client) => _client = client;

    /// <summary>Makes a template.</summary>
    /// <returns>Its code: keep it.</returns>
    /// <exception cref="ArgumentException">A bound is passed.</exception>
    /// <exception cref="DingTalkApiException"><c>formName.error</c>: there is one of that name; others.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may be there. A second one of its name would be refused.</exception>
    public Task<string> CreateAsync(FormTemplate template, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        return SaveAsync(_client, Save, template.Wire(null), null, cancellationToken);
    }

    /// <summary>Changes a template: what it does not name goes. A field that the template's way branches on can neither be changed nor go.</summary>
    /// <exception cref="ArgumentException">A bound is passed.</exception>
    /// <exception cref="DingTalkApiException"><c>processcode.error</c> (<see cref="FailureKind.NotFound"/>): there is none; others.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    public Task UpdateAsync(string processCode, FormTemplate template, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        ArgumentNullException.ThrowIfNull(template);
        // Under its own code a second time changes nothing more than the first.
        return SaveAsync(_client, Save, template.Wire(processCode), processCode, cancellationToken);
    }

    /// <summary>A template with its fields.</summary>
    /// <exception cref="DingTalkApiException"><c>formNotExist</c> (<see cref="FailureKind.NotFound"/>): there is none; others.</exception>
    public async Task<FormSchema> GetAsync(string processCode, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        return (await _client.SendAsync<SchemaAnswer>(new DingTalkRequest(Schema).WithQuery("processCode", processCode), cancellationToken: cancellationToken)).Result
            ?? throw DingTalkErrorReader.WrongShape(Schema.Id, "there is no result");
    }

    /// <summary>The templates that a person sees, page by page.</summary>
    /// <param name="userId">Who; null: all of the organisation.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async IAsyncEnumerable<VisibleTemplate> ListAsync(string? userId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long next = 0;
        while (true)
        {
            DingTalkRequest request = new DingTalkRequest(Visible).WithQuery("userId", userId).WithQuery("maxResults", PageSize.ToString(CultureInfo.InvariantCulture)).WithQuery("nextToken", next.ToString(CultureInfo.InvariantCulture));
            Page page = (await _client.SendAsync<ListAnswer>(request, cancellationToken: cancellationToken)).Result ?? throw DingTalkErrorReader.WrongShape(Visible.Id, "there is no result");
            foreach (VisibleTemplate template in page.ProcessList ?? []) yield return template;
            if (page.NextToken is not { } further) yield break;
            if (further <= next) throw DingTalkErrorReader.WrongShape(Visible.Id, "the next page is not a later one");
            next = further;
        }
    }

    internal static async Task<string> SaveAsync(DingTalkClient client, DingTalkEndpoint endpoint, object body, string? key, CancellationToken cancellationToken)
    {
        var answer = await client.SendAsync<SaveAnswer>(new DingTalkRequest(endpoint) { Body = body, IdempotencyKey = key }, cancellationToken: cancellationToken);
        return answer.Result?.ProcessCode is { Length: > 0 } code ? code : throw DingTalkErrorReader.WrongShape(endpoint.Id, "there is no processCode");
    }

    private sealed record SaveAnswer(Saved? Result);

    private sealed record Saved(string? ProcessCode);

    private sealed record SchemaAnswer(FormSchema? Result);

    private sealed record ListAnswer(Page? Result);

    private sealed record Page(List<VisibleTemplate>? ProcessList, long? NextToken);
}
