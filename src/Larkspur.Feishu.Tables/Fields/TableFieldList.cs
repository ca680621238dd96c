using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>The fields of a table. Get it as <c>table.Fields</c>. Source: bitable-v1 app-table-field.</summary>
/// <remarks>
/// A table has at most 300 fields, 100 of them formulas; changes are 10 a second and go in the base's turn, as writes of rows do.
/// </remarks>
public readonly struct TableFieldList
{
    private const int FieldsOfAPage = 100;
    private const int NameIsTaken = 1254014;
    private const int TokenIsTaken = 1255006;

    private readonly FeishuTable _table;

    internal TableFieldList(FeishuTable table) => _table = table;

    /// <summary>Reads all fields, in the order of the table, or of a view.</summary>
    /// <param name="viewId">The view; null: none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<IReadOnlyList<TableField>> ListAsync(string? viewId = null, CancellationToken cancellationToken = default)
    {
        var (table, fields) = (_table, new List<TableField>());
        var pages = table.Base.Calls.PagesAsync(
            () => table.Request(Endpoints.AppTableFieldList).WithQuery("view_id", viewId), FieldsOfAPage, cancellationToken);
        await foreach (var field in pages) fields.Add(TableField.Read(field));
        return fields;
    }

    /// <summary>
    /// Makes a field. Under its <c>client_token</c>, so a lost answer is asked for again; is it there then, it is the field of that name
    /// and type in the list.
    /// </summary>
    /// <param name="draft">The field.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The field with its id, and its options with theirs.</returns>
    /// <exception cref="TableFieldException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">
    /// The platform said no: 1254014 there is one of this name, 1254105 there are too many.
    /// </exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<TableField> CreateAsync(TableFieldDraft draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var (table, body, token) = (_table, draft.ToJson(), Guid.NewGuid().ToString());
        using var turn = await table.Base.Gate.EnterAsync(table.Base.Calls, cancellationToken);
        var uncertain = false;
        try
        {
            return await SendAsync(
                () => With(table.Request(Endpoints.AppTableFieldCreate).WithQuery("client_token", token), body), cancellationToken,
                failed => uncertain |= failed is PlatformNetworkException { EffectUnknown: true } || failed is FeishuApiException lost
                    && TableFailures.Of(lost) is TableFailure.OutcomeUnknown or TableFailure.Trouble);
        }
        catch (FeishuApiException refused) when (uncertain && refused.Code is NameIsTaken or TokenIsTaken)
        {
            // By the try whose answer was lost, unless somebody else made just this field in the meantime: nobody is wrong then either.
            var found = (await table.GetFieldsAsync(again: true, cancellationToken)).Named(draft.Name);
            if (found?.Type != draft.Type) throw;
            return found;
        }
    }

    /// <summary>
    /// Changes a field and loses none of its options: the platform replaces all of a field's properties, and blanks the cells of options
    /// that are left out, so the field is read just before and the change is merged into it by option ids.
    /// </summary>
    /// <remarks>
    /// The platform has no compare-and-set: an option that somebody adds between the two calls is lost (seconds, in this base's turn).
    /// </remarks>
    /// <param name="fieldId">Which one, by its id or name.</param>
    /// <param name="change">What is changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The field as it is now.</returns>
    /// <exception cref="TableFieldException">
    /// There is no such field, or options would be dropped that <see cref="TableFieldChange.DroppedOptions"/> does not name. Nothing was
    /// changed.
    /// </exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; the change is absolute and may be made again.</exception>
    public async Task<TableField> UpdateAsync(string fieldId, TableFieldChange change, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(fieldId);
        ArgumentNullException.ThrowIfNull(change);
        var table = _table;
        using var turn = await table.Base.Gate.EnterAsync(table.Base.Calls, cancellationToken);
        var field = (await table.GetFieldsAsync(again: true, cancellationToken)).Find(fieldId)
            ?? throw new TableFieldException($"The table has no field \"{fieldId}\", or this app may not see it.");
        var body = change.ToJson(field);
        return await SendAsync(() => With(table.Request(Endpoints.AppTableFieldUpdate).WithPath("field_id", field.Id), body),
            cancellationToken);
    }

    private static FeishuRequest With(FeishuRequest request, JsonObject body)
    {
        request.Body = body;
        return request;
    }

    private async Task<TableField> SendAsync(
        Func<FeishuRequest> request, CancellationToken cancellationToken, Action<Exception>? failing = null)
    {
        var table = _table;
        try
        {
            var answer = await table.Base.Calls.ReadAsync<JsonElement>(request, cancellationToken, failing);
            return TableField.Read(answer.Member("field"));
        }
        finally
        {
            table.ForgetFields();
        }
    }
}
