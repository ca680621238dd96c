namespace Larkspur.Gateway.Storage.Migrations;

/// <summary>A script that a database has, by its row in table <c>migration</c>.</summary>
internal readonly record struct AppliedScript(int Number, string Name);
