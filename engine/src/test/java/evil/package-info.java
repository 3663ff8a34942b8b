/** What an attacker would like a model to run. */
package evil;
