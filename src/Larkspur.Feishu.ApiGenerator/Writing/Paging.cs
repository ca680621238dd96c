using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>How an endpoint's pages are walked.</summary>
internal sealed class Paging
{
    private Paging(Property ask, Property next, Property? more, Property? items)
    {
        Ask = ask;
        Next = next;
        More = more;
        Items = items;
    }

    /// <summary>The request's page token.</summary>
    public Property Ask { get; }

    /// <summary>The answer's next page token.</summary>
    public Property Next { get; }

    /// <summary>The answer's has_more, when it has one.</summary>
    public Property? More { get; }

    /// <summary>The answer's list; null when it has none, or several and none is <c>items</c>: then whole pages are handed out.</summary>
    public Property? Items { get; }

    /// <summary>Null when the endpoint is marked as paged and yet lacks a token on one side.</summary>
    public static Paging? Of(Endpoint endpoint, IReadOnlyList<Property> inputs, IReadOnlyList<Property> answers)
    {
        if (!endpoint.Paged) return null;
        var ask = inputs.FirstOrDefault(input => input.Field.Name == "page_token" && input.Type.Kind == TypeKind.Text);
        var next = Answer("page_token") ?? Answer("next_page_token");
        if (ask is null || next is not { Type.Kind: TypeKind.Text }) return null;

        var more = Answer("has_more") is { Type.Kind: TypeKind.Boolean } flag ? flag : null;
        var lists = answers.Where(answer => answer.Type.Kind == TypeKind.List).ToArray();
        var items = lists.FirstOrDefault(list => list.Field.Name == "items") ?? (lists.Length == 1 ? lists[0] : null);
        return new Paging(ask, next, more, items);

        Property? Answer(string name) => answers.FirstOrDefault(answer => answer.Field.Name == name);
    }
}
