namespace Larkspur.Gateway.Tables.Searching;

/// <summary>A filter as it was written, before anything is known of fields.</summary>
internal abstract record FilterNode;

/// <summary>All of them hold, or one.</summary>
internal sealed record FilterGroup(bool All, IReadOnlyList<FilterNode> Parts) : FilterNode;

/// <summary>What one field is to be.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Operator">A sign or words of <see cref="FilterParser"/>.</param>
/// <param name="Values">What it is compared with.</param>
internal sealed record FilterCondition(FilterToken Field, string Operator, IReadOnlyList<FilterToken> Values) : FilterNode;
